#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>

#include "adapters/memory/memory_ledger.h"
#include "application/rewards/grants.h"
#include "application/rewards/reward_worker.h"

namespace thaw {

/// A points partner that does what the test says, call by call, and pays each key once.
class ScriptedPoints final : public Points {
 public:
  struct Behaviour {
    bool acts = true;                      // before it answers, or fails to
    std::optional<PointsOutcome> answers;  // nothing: what the contract says
  };
  std::deque<Behaviour> script;  // beyond it: by the contract
  std::map<std::string, std::int64_t, std::less<>> paid;
  std::set<std::string, std::less<>> reversed;
  std::vector<std::string> calls;

  PointsAnswer issue(const PointsIssueRequest& request) override;
  PointsAnswer find(std::string_view key) override;
  PointsAnswer reverse(std::string_view key) override;
  Result<PointsPage> list(Instant, Instant, std::string_view) override { return PointsPage{}; }

 private:
  Behaviour next();
};

/// Loads of M1 by card, each of which is enough, and their reversals.
class CardLoads {
 public:
  /// All at that time; `series` begins their ids.
  CardLoads(std::string series, Instant at) : series_(std::move(series)), at_(at) {}
  /// A load, or the reversal of the last one: what moves the verdict there.
  RecordLine next(Outcome to);

 private:
  std::string series_;
  Instant at_;
  int count_ = 0;
};

/// One qualified member on a memory ledger, with the worker and the consumer that feeds it.
class RewardRig {
 public:
  explicit RewardRig(LatePolicy late_policy = LatePolicy::review);

  /// The process dies and starts again: all but the ledger is made anew.
  void restart();
  /// Lets the clock run and everything do what is due, for at most that long.
  void run_for(Duration length);
  Reply run(CommandBody body);
  /// A campaign is published, M1 enrols and loads enough, and the verdict falls; not dispatched.
  WindowId decide(const CampaignId& campaign, LatePolicy late_policy, CardLoads& loads);
  /// A late record flips the verdict: the load is reversed, or another one comes. Two persons agree
  /// to the revision, and the consumers hear of it.
  void revise(Outcome to);
  /// The same by the campaign's policy, without people.
  void revise_by_itself(Outcome to);
  /// Approves the only open case, as two persons do.
  void approve_case();
  Reward reward() const;
  std::string results() const;  // of the attempts, in order
  std::size_t open_cases() const;

  Instant now = *parse_rfc3339("2025-11-01T00:00:00Z");
  MemoryLedger ledger;
  ScriptedPoints points;
  WindowId window;
  std::unique_ptr<RewardWorker> worker;
  std::unique_ptr<Grants> grants;
  std::unique_ptr<Dispatcher> dispatcher;

 private:
  CardLoads loads_{"p", now};
};

}  // namespace thaw
