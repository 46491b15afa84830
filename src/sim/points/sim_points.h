#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "application/ports/points.h"
#include "base/random.h"

namespace thaw {

/// How often the simulated partner misbehaves, in parts of a hundred calls.
struct PointsFaults {
  std::uint64_t never_sent = 0;
  std::uint64_t before_acting = 0;  // 5xx, timeout or a broken connection, nothing done
  std::uint64_t after_acting = 0;   // the same, but done
  std::uint64_t act_late = 0;  // a POST times out, and acts within 12 h, whoever has asked by then
  std::uint64_t refuse_for_now = 0;
  std::uint64_t refuse_access = 0;  // 401: says nothing of the reward
};

/// The points partner in memory. Knows a key for so long, then forgets it: the same call again
/// would then issue again, as a real partner's would.
class SimPoints final : public Points {
 public:
  SimPoints(std::uint64_t seed, std::function<Instant()> now)
      : random_(seed), now_(std::move(now)) {}

  PointsFaults faults;
  Duration key_life = Duration::hours(24);
  bool is_out = false;  // no connection is made, or none is answered
  /// Told of each call that would issue, before anything else: to look at what is durable by then.
  std::function<void(const PointsIssueRequest&)> on_issue;

  /// Told of the key of each call that would take back, likewise.
  std::function<void(std::string_view)> on_reverse;

  /// Told of every call's key, likewise.
  std::function<void(std::string_view)> on_call;
  /// Told of each call that acts late, and whether its sender has heard by then that the partner
  /// knows nothing of it.
  std::function<void(std::string_view, bool was_denied)> on_late;

  PointsAnswer issue(const PointsIssueRequest& request) override;
  PointsAnswer find(std::string_view idempotency_key) override;
  PointsAnswer reverse(std::string_view idempotency_key) override;
  Result<PointsPage> list(Instant from, Instant to, std::string_view cursor) override;

  /// What the partner knows of the calls to issue under one key, whatever the caller remembers.
  struct Calls {
    bool is_unasked = false;  // the last may have acted, and nobody has asked since
    Instant wish_at;          // when "later" was last answered,
    Duration wish;            // and how much later
  };
  const Calls& calls_of(const std::string& key) { return calls_of_[key]; }
  /// Whoever called has been set back to an earlier time: nothing can be held against it.
  void forget_calls() { calls_of_.clear(); }
  /// What is on its way has arrived.
  void let_all_arrive() { let_arrive(Instant::max()); }

  /// One issue. The partner's own books: nothing is ever forgotten here.
  struct Paid {
    std::string key;
    std::string member;
    std::int64_t points = 0;
    std::string reason;
    PointsState state = PointsState::issued;
    Instant issued_at;
    std::optional<Instant> reversed_at;
  };
  const std::vector<Paid>& ledger() {
    let_arrive(now_());
    return ledger_;
  }
  std::int64_t calls() const { return calls_; }
  std::int64_t lost_answers() const { return lost_answers_; }

 private:
  /// A call that will act though its sender has given it up.
  struct LateCall {
    Instant at;
    PointsIssueRequest request;  // of a reversal the key alone
    bool is_reversal = false;
  };

  std::optional<PointsOutcome> draw_fault_before();
  bool draw_late(const PointsIssueRequest& request, bool is_reversal);
  void let_arrive(Instant until);
  /// False: the key is another's.
  bool carry_out(const PointsIssueRequest& request, Instant at);
  bool take_back(std::string_view key, Instant at);
  std::optional<PointsOutcome> draw_fault_after();
  PointsOutcome draw_unknown();
  PointsAnswer answer_issue(const PointsIssueRequest& request);
  PointsAnswer answer_find(std::string_view idempotency_key);
  /// The last issue under the key, if it is still remembered.
  Paid* recall(std::string_view key);

  Random random_;
  std::function<Instant()> now_;
  std::vector<Paid> ledger_;
  std::map<std::string, std::size_t, std::less<>> last_of_key_;
  std::map<std::string, Calls> calls_of_;
  std::vector<LateCall> late_;
  std::int64_t calls_ = 0;
  std::int64_t lost_answers_ = 0;
};

}  // namespace thaw
