#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "application/ports/ledger.h"
#include "application/ports/points.h"
#include "application/rewards/call_pace.h"
#include "base/random.h"
#include "domain/reward.h"

namespace thaw {

/// How hard the points partner may be called (SPEC §2.7, `[loyalty]`).
struct RewardWorkerOptions {
  RewardPolicy policy;
  Duration backoff_base = Duration::seconds(2);
  Duration backoff_cap = Duration::minutes(10);
  std::size_t max_in_flight = 16;
  Duration pause = Duration::seconds(30);  // after a refusal of our access
  CallPaceOptions pace;
};

/// Sends rewards: one attempt a step, each written before its call and answered after it. A
/// member's next reward waits until the one before is final or in a case. Thread-safe: several
/// threads may step, each then blocks in its own call.
class RewardWorker {
 public:
  /// `monotonic_ms` is what the pace runs on; null: calls are not paced.
  RewardWorker(Ledger& ledger, Points& points, std::function<Instant()> now, std::uint64_t seed,
               RewardWorkerOptions options, std::function<std::int64_t()> monotonic_ms = nullptr);

  /// Reads the queue of rewards that are not final. Attempts found open have become unknown.
  Status open();
  /// A reward has something new to do: requested, withdrawn, redriven.
  void notice(const WindowId& window);

  /// Does one thing that is due; false if nothing is.
  Result<bool> step();
  /// When the next reward wants a step; nothing if none does.
  std::optional<Instant> next_due() const;
  /// True while our access is refused: nothing is sent, nothing changes, an alarm is raised.
  bool is_paused() const;
  /// True while calls fail so often in a row that only one is tried now and then.
  bool is_circuit_open() const;

 private:
  struct Job {
    WindowId window;
    std::int64_t issue = 1;
    bool replaces_open = false;
    friend auto operator<=>(const Job&, const Job&) = default;
  };
  struct Entry {
    Instant due;
    Job job;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  std::optional<Job> take_due();
  void put_back(const Job& job, Instant due);
  std::pair<Job, bool> take_notice(const Job& job);
  void finish(const Job& job);
  void wait_for_earlier(const Job& job, const Reward& reward);
  void wake_waiting(const MemberId& member);
  Result<bool> work(const Job& job, bool& has_called);
  Result<bool> attempt(const Job& job, const Reward& reward, RewardStep step, bool& has_called);
  Status close_left_open(const Job& job, const Reward& reward);
  PointsAnswer call_partner(const Reward& reward, RewardCall call);
  bool holds_up(const Reward& reward);
  std::int64_t find_last_issue_of(const WindowId& window);
  std::optional<Reward> read_reward(const Job& job);
  Fence read_fence();
  void note_pace(const PointsOutcome& outcome);
  void note_pause(RewardAnswer answer);
  Duration draw_backoff(const Reward& reward, const PointsAnswer& answer);

  Ledger& ledger_;
  Points& points_;
  std::function<Instant()> now_;
  RewardWorkerOptions options_;
  mutable std::mutex mutex_;
  Random random_;
  std::optional<CallPace> pace_;
  std::set<Entry> schedule_;
  std::set<WindowId> in_flight_;
  std::map<WindowId, std::int64_t> noticed_;   // while in flight; with the issue
  std::map<MemberId, std::set<Job>> waiting_;  // for an earlier reward of the member
  Instant paused_until_ = Instant::min();
  bool is_paused_ = false;  // from a refusal of our access to the next answer that is none
};

/// What an answer of the partner means for a reward.
RewardAnswer to_reward_answer(const PointsOutcome& outcome);

}  // namespace thaw
