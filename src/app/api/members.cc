#include <algorithm>

#include "app/api/references.h"
#include "app/api/render.h"
#include "app/api/routes.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

/// The newest enrolment, of one campaign if the query names it.
const Enrolment* find_newest(const Member& member, std::optional<std::string_view> campaign) {
  const Enrolment* newest = nullptr;
  for (const Enrolment& enrolment : member.enrolments) {
    if (campaign && enrolment.campaign.text() != *campaign) continue;
    if (!newest || enrolment.enrolled_at >= newest->enrolled_at) newest = &enrolment;
  }
  return newest;
}

void get_progress(const CallPtr& call) {
  const auto id = parse_member_id(call->captured.front());
  const auto member = id ? call->read<Member>(keys::member(*id)) : std::nullopt;
  const Enrolment* enrolment =
      member ? find_newest(*member, call->request.find_query("campaign")) : nullptr;
  if (!enrolment) return call->fail(404, "unknown_enrolment", "this member is not enrolled");
  const auto rules = call->read<CampaignRules>(
      keys::campaign_version(enrolment->campaign, enrolment->campaign_version));
  if (!rules) return call->fail(503, "damaged_state", "the campaign's rules are missing");
  const auto reward = find_last_issue([&](std::int64_t issue) {
    return call->read<Reward>(keys::reward(*id, enrolment->id, issue));
  });
  call->answer(
      200, render_progress(*enrolment, *rules, reward, call->context.now(), enrolment->revision));
}

void get_transactions(const CallPtr& call) {
  const auto page = read_page(*call);
  if (!page) return;
  const auto id = parse_member_id(call->captured.front());
  if (!id) return call->fail(404, "unknown_member", "a member id is [A-Za-z0-9_-]{1,64}");
  std::vector<std::pair<std::string, LineRow>> lines;
  Member member;
  call->context.read([&](StateView& view) {
    const auto stored = view.find(keys::member(*id));
    if (stored) member = decode<Member>(stored->bytes).value_or(Member{});
    for (const auto& [key, row] : view.scan(keys::lines_of(*id), SIZE_MAX)) {
      if (auto line = decode<LineRow>(row.bytes)) lines.emplace_back(key, std::move(*line));
    }
  });
  // Newest first; total: keys are unique.
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    if (a.second.line.time.from != b.second.line.time.from) {
      return a.second.line.time.from > b.second.line.time.from;
    }
    return a.first < b.first;
  });
  auto at = lines.begin();
  if (!page->after.empty()) {
    at = std::find_if(lines.begin(), lines.end(),
                      [&](const auto& line) { return line.first == page->after; });
    // Not of this list, or of a line that went over to another member (docs/adr/0027).
    if (at == lines.end()) return call->fail(422, "invalid", "cursor: not of this list");
    ++at;
  }
  Json items = Json::array();
  std::string last;
  for (std::size_t count = 0; at != lines.end() && count < page->limit; ++at, ++count) {
    items.push(render(at->second, member.enrolments));
    last = at->first;
  }
  call->answer(200, Json::object()
                        .set("items", items)
                        .set("next_cursor", at != lines.end() ? Json(make_cursor(last)) : Json()));
}

Json render_claims(const Call& call, const MemberId& id) {
  Json items = Json::array();
  const auto member = call.read<Member>(keys::member(id));
  for (const ReferenceKey& key : member ? member->references : std::vector<ReferenceKey>()) {
    const auto reference = call.read<Reference>(keys::reference(key));
    for (const ReferenceClaim& claim :
         reference ? reference->claims : std::vector<ReferenceClaim>()) {
      if (claim.member != id) continue;
      Json item = Json::object().set("type", key.type);
      item.set("from", claim.from == Instant::min() ? Json() : Json(to_rfc3339(claim.from)));
      item.set("until", claim.until == Instant::max() ? Json() : Json(to_rfc3339(claim.until)));
      items.push(item);
    }
  }
  return Json::object().set("member", id.text()).set("references", items);
}

/// Claims references for the member, and ends them (SPEC §2.2). What is not listed stays.
void put_references(const CallPtr& call) {
  const auto id = parse_member_id(call->captured.front());
  if (!id) return call->fail(422, "invalid", "a member id is [A-Za-z0-9_-]{1,64}");
  auto parsed = parse_object(call->request);
  if (auto* problem = std::get_if<HttpResponse>(&parsed)) return call->reply(std::move(*problem));
  BodyReader body(std::get<Json>(parsed));
  ReferenceChanges changes = read_reference_changes(
      body, "references", call->context.hash_reference, call->context.start_of_day);
  const auto faults = body.finish();
  if (!faults.empty()) return call->fail(422, "invalid", "the references are not valid", faults);
  run_command(call, ChangeReferences{*id, std::move(changes.claims), std::move(changes.ends)},
              [call, id = *id](const Reply&) { return render_claims(*call, id); });
}

/// Holds back the member's rewards; `{"hold":false}` lets them go.
void hold_member(const CallPtr& call) {
  const auto id = parse_member_id(call->captured.front());
  if (!id) return call->fail(422, "invalid", "a member id is [A-Za-z0-9_-]{1,64}");
  HoldMember command{*id, true, {}};
  if (!call->request.body.empty()) {
    auto parsed = parse_object(call->request);
    if (auto* problem = std::get_if<HttpResponse>(&parsed)) return call->reply(std::move(*problem));
    BodyReader body(std::get<Json>(parsed));
    command.on_hold = body.boolean("hold").value_or(true);
    command.reason = body.free_text("reason").value_or("");
    const auto faults = body.finish();
    if (!faults.empty()) return call->fail(422, "invalid", "the hold is not valid", faults);
  }
  const bool on_hold = command.on_hold;
  run_command(call, std::move(command), [id = *id, on_hold](const Reply&) {
    return Json::object().set("member", id.text()).set("hold", on_hold);
  });
}

}  // namespace

std::vector<Route> member_routes() {
  return {
      {"GET", {"v1", "members", "*", "progress"}, {Role::app, Role::care}, get_progress},
      {"PUT", {"v1", "members", "*", "references"}, {Role::app, Role::ops}, put_references},
      {"POST", {"v1", "members", "*", "hold"}, {Role::ops}, hold_member},
      {"GET", {"v1", "members", "*", "transactions"}, {Role::app, Role::care}, get_transactions}};
}

}  // namespace thaw::api
