#include "sim/points/sim_points.h"

#include <algorithm>
#include <array>

namespace thaw {
namespace {

PointsAnswer make_answer(PointsOutcome outcome) {
  std::string result = points_result(outcome);
  return {std::move(outcome), std::move(result), {}};
}

constexpr PointsUnknown kTimeout{PointsUnknown::Cause::timeout, 0, {}};

}  // namespace

PointsOutcome SimPoints::draw_unknown() {
  switch (random_.below(4)) {
    case 0: return PointsUnknown{PointsUnknown::Cause::status, 503, {}};
    case 1: return PointsUnknown{PointsUnknown::Cause::timeout, 0, {}};
    case 2: return PointsUnknown{PointsUnknown::Cause::no_answer, 0, {}};
    default: return PointsUnknown{PointsUnknown::Cause::unreadable, 200, {}};
  }
}

std::optional<PointsOutcome> SimPoints::draw_fault_before() {
  ++calls_;
  let_arrive(now_());
  if (is_out) {
    if (random_.chance(1, 2)) return PointsNeverSent{};
    return kTimeout;
  }
  if (random_.chance(faults.never_sent, 100)) return PointsNeverSent{};
  if (random_.chance(faults.refuse_access, 100)) return PointsPaused{401};
  if (random_.chance(faults.refuse_for_now, 100)) {
    return PointsRetryLater{429, Duration::seconds(random_.between(0, 60))};
  }
  if (random_.chance(faults.before_acting, 100)) return draw_unknown();
  return std::nullopt;
}

std::optional<PointsOutcome> SimPoints::draw_fault_after() {
  if (!random_.chance(faults.after_acting, 100)) return std::nullopt;
  ++lost_answers_;
  return draw_unknown();
}

/// True: the call is on its way, and will act within hours.
bool SimPoints::draw_late(const PointsIssueRequest& request, bool is_reversal) {
  if (!random_.chance(faults.act_late, 100)) return false;
  static constexpr std::array kLatestSeconds{120, 60 * 60, 12 * 60 * 60};
  const std::int64_t latest = kLatestSeconds[random_.below(kLatestSeconds.size())];
  const Instant at = now_() + Duration::seconds(random_.between(1, latest));
  late_.push_back({at, request, is_reversal});
  return true;
}

void SimPoints::let_arrive(Instant until) {
  std::ranges::stable_sort(late_, {}, &LateCall::at);
  while (!late_.empty() && late_.front().at <= until) {
    const LateCall call = late_.front();
    late_.erase(late_.begin());
    const std::string& key = call.request.idempotency_key;
    const auto asked = calls_of_.find(key);
    const bool is_unasked = asked == calls_of_.end() || asked->second.is_unasked;
    if (on_late) on_late(key, !call.is_reversal && !is_unasked && !recall(key));
    const Instant at = std::min(call.at, now_());
    (void)(call.is_reversal ? take_back(key, at) : carry_out(call.request, at));
  }
}

SimPoints::Paid* SimPoints::recall(std::string_view key) {
  const auto found = last_of_key_.find(key);
  return found == last_of_key_.end() ? nullptr : &ledger_[found->second];
}

PointsAnswer SimPoints::issue(const PointsIssueRequest& request) {
  if (on_call) on_call(request.idempotency_key);
  if (on_issue) on_issue(request);
  PointsAnswer answer = answer_issue(request);
  Calls& calls = calls_of_[request.idempotency_key];
  const auto* later = std::get_if<PointsRetryLater>(&answer.outcome);
  if (later) calls = {calls.is_unasked, now_(), later->retry_after.value_or(Duration{})};
  const bool has_done_nothing = later || std::holds_alternative<PointsNeverSent>(answer.outcome) ||
                                std::holds_alternative<PointsPaused>(answer.outcome) ||
                                std::holds_alternative<PointsRefused>(answer.outcome);
  calls.is_unasked = calls.is_unasked || !has_done_nothing;
  return answer;
}

PointsAnswer SimPoints::answer_issue(const PointsIssueRequest& request) {
  if (const auto fault = draw_fault_before()) return make_answer(*fault);
  if (draw_late(request, false)) return make_answer(kTimeout);
  if (!carry_out(request, now_())) return make_answer(PointsRefused{422});
  if (const auto fault = draw_fault_after()) return make_answer(*fault);
  return make_answer(PointsIssued{"ref-" + request.idempotency_key});
}

bool SimPoints::carry_out(const PointsIssueRequest& request, Instant at) {
  const Paid* before = recall(request.idempotency_key);
  const bool is_known = before && at < before->issued_at + key_life;
  if (is_known) return before->member == request.member && before->points == request.points;
  last_of_key_[request.idempotency_key] = ledger_.size();
  ledger_.push_back({request.idempotency_key,
                     request.member,
                     request.points,
                     request.reason,
                     PointsState::issued,
                     at,
                     {}});
  return true;
}

bool SimPoints::take_back(std::string_view key, Instant at) {
  Paid* paid = recall(key);
  if (!paid) return false;
  paid->state = PointsState::reversed;
  if (!paid->reversed_at) paid->reversed_at = at;
  return true;
}

PointsAnswer SimPoints::find(std::string_view idempotency_key) {
  if (on_call) on_call(idempotency_key);
  PointsAnswer answer = answer_find(idempotency_key);
  if (std::holds_alternative<PointsNotFound>(answer.outcome)) {
    calls_of_[std::string(idempotency_key)].is_unasked = false;
  }
  return answer;
}

PointsAnswer SimPoints::answer_find(std::string_view idempotency_key) {
  if (const auto fault = draw_fault_before()) return make_answer(*fault);
  const Paid* paid = recall(idempotency_key);
  if (!paid) return make_answer(PointsNotFound{});
  return make_answer(PointsFound{paid->state, "ref-" + std::string(idempotency_key)});
}

PointsAnswer SimPoints::reverse(std::string_view idempotency_key) {
  if (on_call) on_call(idempotency_key);
  if (on_reverse) on_reverse(idempotency_key);
  if (const auto fault = draw_fault_before()) return make_answer(*fault);
  const std::string key(idempotency_key);
  if (draw_late({{}, 0, key, {}}, true)) return make_answer(kTimeout);
  if (!take_back(key, now_())) return make_answer(PointsPaused{404});
  if (const auto fault = draw_fault_after()) return make_answer(*fault);
  return make_answer(PointsFound{PointsState::reversed, "rev-" + key});
}

Result<PointsPage> SimPoints::list(Instant from, Instant to, std::string_view) {
  let_arrive(now_());
  const auto is_in = [&](Instant at) { return at >= from && at < to; };
  PointsPage page;
  for (const Paid& paid : ledger_) {
    if (!is_in(paid.issued_at) && !(paid.reversed_at && is_in(*paid.reversed_at))) continue;
    page.entries.push_back({paid.key, paid.member, paid.points, paid.state, "ref-" + paid.key,
                            paid.issued_at, paid.reversed_at});
  }
  return page;
}

}  // namespace thaw
