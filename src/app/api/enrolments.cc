#include <algorithm>

#include "app/api/references.h"
#include "app/api/render.h"
#include "app/api/routes.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

Json render_enrolled(const Reply& reply) {
  return render(*reply.enrolment);
}

/// The content as sent: what makes a repeat a repeat. References compare as a set.
std::string describe_content(const std::optional<std::string>& enrolled_at,
                             std::vector<ReferenceKey> references) {
  std::sort(references.begin(), references.end());  // total: type and hash are the whole key
  std::string text = enrolled_at.value_or("");
  for (const ReferenceKey& reference : references)
    text += "|" + reference.type + ":" + reference.hash;
  return text;
}

void post_enrolment(const CallPtr& call) {
  auto parsed = parse_object(call->request);
  if (auto* problem = std::get_if<HttpResponse>(&parsed)) return call->reply(std::move(*problem));
  BodyReader body(std::get<Json>(parsed));
  Enrol command;
  command.campaign =
      body.parsed("campaign", &parse_campaign_id, "[a-z0-9-]{1,32}", true).value_or(CampaignId());
  command.member =
      body.parsed("member", &parse_member_id, "[A-Za-z0-9_-]{1,64}", true).value_or(MemberId());
  const auto enrolled_at = body.text("enrolled_at");
  command.enrolled_at = body.instant("enrolled_at");
  command.references = read_references(body, "references", call->context.hash_reference);
  const auto faults = body.finish();
  if (!faults.empty()) return call->fail(422, "invalid", "the enrolment is not valid", faults);
  command.request_hash =
      call->context.hash_content(describe_content(enrolled_at, command.references));
  run_command(call, std::move(command), render_enrolled);
}

std::optional<Enrolment> find_enrolment(const CallPtr& call, const WindowId& window) {
  const auto parts = parse_window_id(window.text());
  const auto member = parts ? call->read<Member>(keys::member(parts->member)) : std::nullopt;
  for (const Enrolment& enrolment : member ? member->enrolments : std::vector<Enrolment>()) {
    if (enrolment.id == window) return enrolment;
  }
  return std::nullopt;
}

void get_enrolment(const CallPtr& call) {
  const auto enrolment = find_enrolment(call, WindowId(call->captured.front()));
  if (!enrolment) return call->fail(404, "unknown_enrolment", call->captured.front());
  call->answer(200, render(*enrolment));
}

void cancel_enrolment(const CallPtr& call) {
  run_command(call, CancelEnrolment{WindowId(call->captured.front())}, render_enrolled);
}

constexpr std::size_t kBatch = 1'000;

/// What of a state is shown.
struct EnrolmentFilter {
  std::vector<EnrolmentState> states;
  std::optional<Outcome> outcome;  // of decided ones
};

/// One state after the other; the cursor is the last key shown.
void answer_states(const CallPtr& call, const PageRequest& page, const CampaignId& campaign,
                   const EnrolmentFilter& filter) {
  Json items = Json::array();
  std::size_t count = 0;
  std::string last;
  bool has_passed = page.after.empty();
  for (const EnrolmentState state : filter.states) {
    const std::string prefix = keys::enrolments_in(campaign, state);
    const bool holds_cursor = !has_passed && page.after.starts_with(prefix);
    if (!has_passed && !holds_cursor) continue;
    has_passed = true;
    std::string from = holds_cursor ? page.after + '\0' : prefix;
    while (count < page.limit) {
      std::vector<std::pair<std::string, StoredRow>> rows;
      call->context.read([&](StateView& view) { rows = view.scan(prefix, kBatch, from); });
      for (const auto& [key, row] : rows) {
        if (count >= page.limit) break;
        last = key;
        const auto enrolment = find_enrolment(call, WindowId(key.substr(prefix.size())));
        if (!enrolment || (filter.outcome && enrolment->outcome != *filter.outcome)) continue;
        items.push(render(*enrolment));
        ++count;
      }
      if (rows.size() < kBatch) break;
      from = last + '\0';
    }
    if (count >= page.limit) break;
  }
  if (!has_passed) return call->fail(422, "invalid", "cursor: not of this list");
  call->answer(200,
               Json::object()
                   .set("items", items)
                   .set("next_cursor", count >= page.limit ? Json(make_cursor(last)) : Json()));
}

/// Lists one campaign's enrolments of one state, or of all states one after the other.
void list_enrolments(const CallPtr& call) {
  const auto page = read_page(*call);
  if (!page) return;
  const auto campaign_text = call->request.find_query("campaign");
  const auto campaign = campaign_text ? parse_campaign_id(*campaign_text) : std::nullopt;
  if (!campaign) return call->fail(422, "invalid", "campaign: wanted");
  std::vector<EnrolmentState> states{EnrolmentState::active, EnrolmentState::grace,
                                     EnrolmentState::awaiting_settlement, EnrolmentState::decided,
                                     EnrolmentState::cancelled};
  if (const auto text = call->request.find_query("state")) {
    const auto state = parse_enrolment_state(*text);
    if (!state) return call->fail(422, "invalid", "state: not one of them");
    states = {*state};
  }
  EnrolmentFilter filter{std::move(states), {}};
  if (const auto text = call->request.find_query("outcome")) {
    filter.outcome = parse_outcome(*text);
    if (!filter.outcome) return call->fail(422, "invalid", "outcome: not one of them");
    std::erase_if(filter.states, [](EnrolmentState s) { return s != EnrolmentState::decided; });
  }
  answer_states(call, *page, *campaign, filter);
}

}  // namespace

std::vector<Route> enrolment_routes() {
  return {{"POST", {"v1", "enrolments"}, {Role::app, Role::ingest}, post_enrolment},
          {"GET",
           {"v1", "enrolments"},
           {Role::care, Role::ops, Role::approver, Role::analyst},
           list_enrolments},
          {"GET",
           {"v1", "enrolments", "*"},
           {Role::app, Role::care, Role::ops, Role::approver},
           get_enrolment},
          {"POST", {"v1", "enrolments", "*", "cancel"}, {Role::app, Role::ops}, cancel_enrolment}};
}

}  // namespace thaw::api
