#include "sim/campaign/sim_points.h"

namespace thaw {
namespace {

PointsAnswer make_answer(PointsOutcome outcome) {
  std::string result = points_result(outcome);
  return {std::move(outcome), std::move(result), {}};
}

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
  if (random_.chance(faults.never_sent, 100)) return PointsNeverSent{};
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

PointsAnswer SimPoints::issue(const PointsIssueRequest& request) {
  if (const auto fault = draw_fault_before()) return make_answer(*fault);
  const auto [paid, is_new] =
      ledger_.try_emplace(request.idempotency_key,
                          Paid{request.member, request.points, PointsState::issued, now_(), {}});
  if (!is_new && (paid->second.member != request.member || paid->second.points != request.points)) {
    return make_answer(PointsRefused{422});
  }
  if (const auto fault = draw_fault_after()) return make_answer(*fault);
  return make_answer(PointsIssued{"ref-" + request.idempotency_key});
}

PointsAnswer SimPoints::find(std::string_view idempotency_key) {
  if (const auto fault = draw_fault_before()) return make_answer(*fault);
  const auto found = ledger_.find(idempotency_key);
  if (found == ledger_.end()) return make_answer(PointsNotFound{});
  return make_answer(PointsFound{found->second.state, "ref-" + std::string(idempotency_key)});
}

PointsAnswer SimPoints::reverse(std::string_view idempotency_key) {
  if (const auto fault = draw_fault_before()) return make_answer(*fault);
  const auto found = ledger_.find(idempotency_key);
  if (found == ledger_.end()) return make_answer(PointsPaused{404});
  found->second.state = PointsState::reversed;
  if (!found->second.reversed_at) found->second.reversed_at = now_();
  if (const auto fault = draw_fault_after()) return make_answer(*fault);
  return make_answer(PointsFound{PointsState::reversed, "rev-" + std::string(idempotency_key)});
}

Result<PointsPage> SimPoints::list(Instant from, Instant to, std::string_view) {
  const auto is_in = [&](Instant at) { return at >= from && at < to; };
  PointsPage page;
  for (const auto& [key, paid] : ledger_) {
    if (!is_in(paid.issued_at) && !(paid.reversed_at && is_in(*paid.reversed_at))) continue;
    page.entries.push_back({key, paid.member, paid.points, paid.state, "ref-" + key, paid.issued_at,
                            paid.reversed_at});
  }
  return page;
}

}  // namespace thaw
