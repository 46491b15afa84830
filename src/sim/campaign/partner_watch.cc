#include "sim/campaign/partner_watch.h"

#include <algorithm>
#include <cstdlib>

#include "domain/keys.h"

namespace thaw {
namespace {

constexpr std::string_view kPrefix = "cold-activation-";
constexpr Duration kKeyLife = Duration::hours(24);

struct Durable {
  std::optional<Reward> reward;
  Fence fence;
};

Durable read_durable(SimStore& store, std::string_view key) {
  const auto parts = parse_reward_key(key);
  Durable durable;
  store.read([&](StateView& view) {
    const auto row =
        parts ? view.find(keys::reward(parts->member, parts->window, parts->issue)) : std::nullopt;
    if (row) durable.reward = decode<Reward>(row->bytes);
    const auto fence = view.find(keys::fence());
    if (fence) durable.fence = decode<Fence>(fence->bytes).value_or(Fence{});
  });
  return durable;
}

/// The last POST before the one at hand may have arrived, and nobody has asked since.
bool is_unasked(const Reward& reward) {
  for (auto attempt = reward.attempts.rbegin() + 1; attempt != reward.attempts.rend(); ++attempt) {
    if (attempt->call == RewardCall::get && attempt->answer == RewardAnswer::not_found)
      return false;
    if (attempt->call == RewardCall::post && attempt->answer == RewardAnswer::unknown) return true;
  }
  return false;
}

}  // namespace

std::optional<RewardKey> parse_reward_key(std::string_view key) {
  if (!key.starts_with(kPrefix)) return std::nullopt;
  key.remove_prefix(kPrefix.size());
  const std::size_t again = key.rfind("-r");
  const bool is_again = again != key.npos && again > key.rfind('.');
  const WindowId window{std::string(key.substr(0, is_again ? again : key.npos))};
  const auto parts = parse_window_id(window.text());
  if (!parts) return std::nullopt;
  const std::int64_t issue = is_again ? std::atoll(std::string(key.substr(again + 2)).c_str()) : 1;
  return RewardKey{window, parts->member, parts->campaign, issue};
}

bool is_on_hold(SimStore& store, std::string_view key) {
  const auto parts = parse_reward_key(key);
  std::optional<Member> member;
  store.read([&](StateView& view) {
    const auto row = parts ? view.find(keys::member(parts->member)) : std::nullopt;
    if (row) member = decode<Member>(row->bytes);
  });
  return member && member->on_hold;
}

bool has_reward_waiting(SimStore& store, const MemberId& member) {
  bool is_waiting = false;
  store.read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::rewards_not_final(), 1'000)) {
      const auto queued = decode<QueuedReward>(row.bytes);
      const auto parts = queued ? parse_window_id(queued->window.text()) : std::nullopt;
      is_waiting = is_waiting || (parts && parts->member == member);
    }
  });
  return is_waiting;
}

std::string find_breach(SimStore& store, const PointsIssueRequest& request) {
  const Durable durable = read_durable(store, request.idempotency_key);
  if (!durable.reward) return "sent, but never recorded";
  const Reward& reward = *durable.reward;
  if (!reward.has_attempt_open || reward.attempts.empty()) {
    return "sent before its attempt was durable";
  }
  const auto first = reward.first_sent_at();
  if (first && reward.attempts.back().at >= *first + kKeyLife) return "sent after its key's life";
  if (durable.fence.is_up) return "sent through a fence";
  return is_unasked(reward) ? "sent again without asking" : "";
}

}  // namespace thaw
