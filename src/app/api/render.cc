#include "app/api/render.h"

#include <algorithm>

namespace thaw::api {
namespace {

constexpr const char* kActiveNotice =
    "Balance updates in real-time. Bank transfers may take 2-3 days.";

Money in(Currency currency, Minor minor) {
  return {currency, minor};
}

Json notice(const char* code, const char* text) {
  return Json::object().set("code", code).set("text", text);
}

/// What is true of the points of a member who qualified.
Json notice_of_points(const std::optional<Reward>& reward) {
  switch (reward ? reward->state : RewardState::pending) {
    case RewardState::pending:
    case RewardState::retrying:
    case RewardState::unknown:
      return notice("qualified", "You did it. Your points are on their way.");
    case RewardState::issued:
      return notice("qualified", "You did it. Your points have been added.");
    case RewardState::failed:
    case RewardState::cancelled:
    case RewardState::reversing:
    case RewardState::reversed:
    case RewardState::reversal_unknown:
    case RewardState::reversal_failed: break;
  }
  return notice("points_checked", "You did it. We are checking your points.");
}

Json notice_of(const Enrolment& enrolment, const std::optional<Reward>& reward) {
  switch (enrolment.state) {
    case EnrolmentState::active: return notice("pending_transfers", kActiveNotice);
    case EnrolmentState::grace:
      return notice("grace", "Your 30 days are over. Transfers made in time may still arrive.");
    case EnrolmentState::awaiting_settlement:
      return notice("awaiting_settlement", "We are waiting for your bank's last files.");
    case EnrolmentState::cancelled: return notice("cancelled", "This enrolment was cancelled.");
    case EnrolmentState::decided: break;
  }
  switch (enrolment.outcome) {
    case Outcome::qualified: return notice_of_points(reward);
    case Outcome::not_qualified: return notice("not_qualified", "The target was not reached.");
    case Outcome::in_review: return notice("in_review", "We are checking your loads.");
  }
  return {};
}

std::string path_of(const Line& line, bool confirmed) {
  if (confirmed && line.path == Path::webhook) return "both";
  return std::string(to_string(line.path));
}

}  // namespace

Json render(const Money& money) {
  return Json::object().set("currency", money.currency.text()).set("minor", money.minor.units());
}

Json render(const CampaignRules& rules, CampaignStatus status) {
  Json json = Json::object();
  json.set("id", rules.id.text()).set("version", rules.version).set("name", rules.name);
  json.set("status", to_string(status)).set("currency", rules.currency.text());
  json.set("threshold", render(in(rules.currency, rules.threshold))).set("points", rules.points);
  json.set("window", to_iso_duration(rules.window)).set("grace", to_iso_duration(rules.grace));
  Json rails = Json::array();
  for (const Rail rail : rules.rails) rails.push(to_string(rail));
  json.set("rails", rails);
  json.set("withdrawal_policy", to_string(rules.withdrawal_policy));
  json.set("late_policy", to_string(rules.late_policy));
  json.set("late_until", to_iso_duration(rules.late_until));
  json.set("settlement_wait", to_iso_duration(rules.settlement_wait));
  if (rules.enrolment_opens_at) {
    json.set("enrolment_opens_at", to_rfc3339(*rules.enrolment_opens_at));
  }
  if (rules.enrolment_closes_at) {
    json.set("enrolment_closes_at", to_rfc3339(*rules.enrolment_closes_at));
  }
  json.set("time_zone", rules.time_zone);
  if (!rules.minimum_load.is_zero()) {
    json.set("minimum_load", render(in(rules.currency, rules.minimum_load)));
  }
  if (rules.maximum_counted_per_load) {
    json.set("maximum_counted_per_load",
             render(in(rules.currency, *rules.maximum_counted_per_load)));
  }
  if (rules.budget_points) json.set("budget_points", *rules.budget_points);
  if (rules.segment_required) json.set("segment_required", true);
  if (!rules.exclusion_group.empty()) json.set("exclusion_group", rules.exclusion_group);
  return json;
}

Json render(const Campaign& campaign, const std::optional<CampaignRules>& published) {
  const CampaignRules& shown = published ? *published : *campaign.draft;
  Json json = render(shown, published ? campaign.status : CampaignStatus::draft);
  if (published && campaign.draft)
    json.set("draft", render(*campaign.draft, CampaignStatus::draft));
  return json;
}

Json render(const Enrolment& enrolment) {
  Json json = Json::object();
  json.set("window_id", enrolment.id.text());
  json.set("campaign", enrolment.campaign.text());
  json.set("campaign_version", enrolment.campaign_version);
  if (const auto parts = parse_window_id(enrolment.id.text())) {
    json.set("member", parts->member.text());
  }
  json.set("state", to_string(enrolment.state));
  if (enrolment.revision > 0) json.set("outcome", to_string(enrolment.outcome));
  json.set("enrolled_at", to_rfc3339(enrolment.enrolled_at));
  json.set("window_ends_at", to_rfc3339(enrolment.ends_at));
  json.set("decides_at", to_rfc3339(enrolment.decides_at));
  return json;
}

Json render_progress(const Enrolment& enrolment, const CampaignRules& rules,
                     const std::optional<Reward>& reward, Instant as_of, std::int64_t revision) {
  const Currency currency = rules.currency;
  const Totals& totals = enrolment.totals;
  const Minor qualifying = qualifying_total(totals, rules.withdrawal_policy);
  Json json = Json::object();
  json.set("window_id", enrolment.id.text()).set("state", to_string(enrolment.state));
  if (enrolment.revision > 0) json.set("outcome", to_string(enrolment.outcome));
  if (reward) json.set("reward_state", to_string(reward->state));
  json.set("points", enrolment.points);
  json.set("instantLoadTotal", render(in(currency, totals.instant)));
  json.set("settledLoadTotal", render(in(currency, totals.settled)));
  json.set("cumulativeTotal", render(in(currency, totals.cumulative())));
  json.set("withdrawnTotal", render(in(currency, totals.withdrawn)));
  json.set("qualifyingTotal", render(in(currency, qualifying)));
  json.set("heldTotal", render(in(currency, totals.held)));
  json.set("threshold", render(in(currency, rules.threshold)));
  json.set("remaining", render(in(currency, std::max(rules.threshold - qualifying, Minor{}))));
  json.set("window_ends_at", to_rfc3339(enrolment.ends_at));
  json.set("decides_at", to_rfc3339(enrolment.decides_at));
  json.set("notice", notice_of(enrolment, reward));
  json.set("as_of", to_rfc3339(as_of)).set("revision", revision);
  return json;
}

Json render(const Line& line, Placed placed, Minor counted) {
  Json json = Json::object();
  json.set("provider", line.provider.text()).set("provider_txn_id", line.txn_id);
  json.set("kind", to_string(line.kind));
  if (line.rail) json.set("rail", to_string(*line.rail));
  json.set("path", path_of(line, false));
  if (line.amount) json.set("amount", render(in(line.currency, *line.amount)));
  json.set("counted_amount", render(in(line.currency, counted)));
  json.set("occurred_at", to_rfc3339(line.time.from));
  if (line.time.until > line.time.from + Duration{1}) {
    json.set("occurred_until", to_rfc3339(line.time.until));
  }
  json.set("recorded_at", to_rfc3339(line.recorded_at));
  if (line.original) json.set("original_txn_id", line.original->txn_id);
  json.set("placed", to_string(placed));
  return json;
}

Json render(const LineRow& row, std::span<const Enrolment> enrolments) {
  Minor counted;
  Json placements = Json::array();
  for (const LinePlacement& placement : row.placements) {
    if (placement.placed == row.outcome) counted = placement.counted;
    const auto index = static_cast<std::size_t>(placement.enrolment);
    if (index >= enrolments.size()) continue;  // a damaged row
    placements.push(Json::object()
                        .set("window_id", enrolments[index].id.text())
                        .set("placed", to_string(placement.placed)));
  }
  return render(row.line, row.outcome, counted).set("placements", placements);
}

Json render(const Decision& decision, const std::vector<DecisionLine>& lines) {
  Json json = Json::object();
  json.set("window_id", decision.window.text()).set("member", decision.member.text());
  json.set("campaign", decision.campaign.text());
  json.set("campaign_version", decision.campaign_version).set("revision", decision.revision);
  json.set("decider_version", decision.decider_version);
  json.set("outcome", to_string(decision.verdict.outcome));
  json.set("reason", to_string(decision.verdict.reason));
  json.set("qualifyingTotal", render(in(decision.currency, decision.qualifying)));
  json.set("threshold", render(in(decision.currency, decision.threshold)));
  json.set("heldTotal", render(in(decision.currency, decision.totals.held)));
  json.set("decided_at", to_rfc3339(decision.decided_at));
  json.set("fired_at", to_rfc3339(decision.fired_at));
  if (!decision.cause.empty()) json.set("cause", decision.cause);
  if (!decision.people.empty()) {
    Json people = Json::array();
    for (const std::string& person : decision.people) people.push(person);
    json.set("people", people);
  }
  Json list = Json::array();
  for (const DecisionLine& line : lines) list.push(render(line.line, line.placed, line.counted));
  return json.set("lines", list);
}

Json render(const Reward& reward) {
  Json json = Json::object();
  json.set("window_id", reward.window.text()).set("member", reward.member.text());
  json.set("points", reward.points).set("state", to_string(reward.state));
  json.set("idempotency_key", reward.idempotency_key);
  json.set("reference", reward.reference.empty() ? Json() : Json(reward.reference));
  json.set("requested_at", to_rfc3339(reward.requested_at));
  if (!reward.case_id.empty()) json.set("case", reward.case_id);
  Json attempts = Json::array();
  for (const RewardAttempt& attempt : reward.attempts) {
    Json item = Json::object();
    item.set("at", to_rfc3339(attempt.at));
    item.set("result", attempt.result.empty() ? Json() : Json(attempt.result));
    attempts.push(item);
  }
  return json.set("attempts", attempts);
}

Json render(const ReviewCase& item) {
  Json json = Json::object();
  json.set("id", item.id).set("kind", to_string(item.kind)).set("state", to_string(item.state));
  if (!item.member.empty()) json.set("member", item.member.text());
  if (!item.window.empty()) json.set("window_id", item.window.text());
  json.set("subject", item.subject).set("detail", item.detail);
  if (!item.proposed_by.empty()) json.set("proposed_by", item.proposed_by);
  Json steps = Json::array();
  for (const CaseStep& step : item.steps) {
    steps.push(Json::object()
                   .set("at", to_rfc3339(step.at))
                   .set("principal", step.principal)
                   .set("action", step.action)
                   .set("note", step.note));
  }
  return json.set("steps", steps);
}

Json render(const SettlementFile& file, const char* status) {
  Json json = Json::object();
  json.set("file_id", file.id.text()).set("provider_file_id", file.provider_file_id);
  json.set("provider", file.provider.text()).set("format", file.format);
  json.set("sha256", file.sha256).set("status", status);
  json.set("records", file.records).set("sum", file.is_sum_too_large ? Json() : render(file.sum));
  json.set("accepted_at", to_rfc3339(file.accepted_at));
  Json outcomes = Json::object();
  for (const OutcomeCount& count : file.outcomes) {
    outcomes.set(to_string(count.placed), count.records);
  }
  return json.set("outcomes", outcomes);
}

}  // namespace thaw::api
