#include "app/api/page.h"
#include "app/api/render.h"
#include "app/api/routes.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

/// A query parameter that `parse` understands; nothing, and an answer, for one that it does not.
template <typename T>
std::optional<std::optional<T>> read_filter(const CallPtr& call, const char* name,
                                            std::optional<T> (*parse)(std::string_view)) {
  const auto text = call->request.find_query(name);
  if (!text) return std::optional<T>();
  auto value = parse(*text);
  if (value) return value;
  call->fail(422, "invalid", std::string(name) + ": not one of them");
  return std::nullopt;
}

void list_rewards(const CallPtr& call) {
  const auto state = read_filter<RewardState>(call, "state", &parse_reward_state);
  if (!state) return;
  answer_page(call, keys::rewards(),
              [&](StateView&, const std::string&, const StoredRow& row) -> std::optional<Json> {
                const auto reward = decode<Reward>(row.bytes);
                if (!reward || (*state && reward->state != **state)) return std::nullopt;
                return render(*reward);
              });
}

void list_cases(const CallPtr& call) {
  const auto state = read_filter<CaseState>(call, "state", &parse_case_state);
  if (!state) return;
  const auto kind = read_filter<CaseKind>(call, "kind", &parse_case_kind);
  if (!kind) return;
  answer_page(call, keys::review_cases(),
              [&](StateView&, const std::string&, const StoredRow& row) -> std::optional<Json> {
                const auto item = decode<ReviewCase>(row.bytes);
                if (!item || (*state && item->state != **state)) return std::nullopt;
                if (*kind && item->kind != **kind) return std::nullopt;
                return render(*item);
              });
}

}  // namespace

std::vector<Route> list_routes() {
  const std::vector<Role> staff{Role::care, Role::ops, Role::approver, Role::analyst};
  return {{"GET", {"v1", "rewards"}, staff, list_rewards},
          {"GET", {"v1", "cases"}, staff, list_cases}};
}

}  // namespace thaw::api
