#pragma once

#include <functional>
#include <map>
#include <string>

#include "application/ports/points.h"
#include "base/random.h"

namespace thaw {

/// How often the simulated partner misbehaves, in parts of a hundred calls.
struct PointsFaults {
  std::uint64_t never_sent = 0;
  std::uint64_t before_acting = 0;  // 5xx, timeout or a broken connection, nothing done
  std::uint64_t after_acting = 0;   // the same, but done
  std::uint64_t refuse_for_now = 0;
};

/// The points partner in memory: remembers each key for good and counts what it paid.
class SimPoints final : public Points {
 public:
  SimPoints(std::uint64_t seed, std::function<Instant()> now)
      : random_(seed), now_(std::move(now)) {}

  PointsFaults faults;

  PointsAnswer issue(const PointsIssueRequest& request) override;
  PointsAnswer find(std::string_view idempotency_key) override;
  PointsAnswer reverse(std::string_view idempotency_key) override;
  Result<PointsPage> list(Instant from, Instant to, std::string_view cursor) override;

  struct Paid {
    std::string member;
    std::int64_t points = 0;
    PointsState state = PointsState::issued;
    Instant issued_at;
    std::optional<Instant> reversed_at;
  };
  const std::map<std::string, Paid, std::less<>>& ledger() const { return ledger_; }
  std::int64_t calls() const { return calls_; }
  std::int64_t lost_answers() const { return lost_answers_; }

 private:
  std::optional<PointsOutcome> draw_fault_before();
  std::optional<PointsOutcome> draw_fault_after();
  PointsOutcome draw_unknown();

  Random random_;
  std::function<Instant()> now_;
  std::map<std::string, Paid, std::less<>> ledger_;
  std::int64_t calls_ = 0;
  std::int64_t lost_answers_ = 0;
};

}  // namespace thaw
