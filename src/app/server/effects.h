#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/clock/clock.h"
#include "adapters/http/client.h"
#include "adapters/loyalty/points_client.h"
#include "app/config/config.h"
#include "app/server/bell.h"
#include "app/server/engine_host.h"
#include "application/dispatch/dispatcher.h"
#include "application/rewards/grants.h"
#include "application/rewards/reward_worker.h"
#include "application/settlement/waits.h"
#include "application/timers/clock_guard.h"
#include "application/timers/timer_driver.h"

namespace thaw {

/// Everything that follows from time and from the committed log: timers, consumers, rewards,
/// housekeeping; each on threads of its own. Thread-safe but for `start` and `stop`.
class Effects {
 public:
  /// `on_day` is called at the start and whenever a day has passed on the clock.
  static Result<std::unique_ptr<Effects>> make(EngineHost& host, const Clock& clock,
                                               const LoyaltyConfig& loyalty,
                                               std::function<void()> on_day, std::uint64_t seed);
  ~Effects() { stop(); }

  Status start();
  void stop();

  /// The clock was moved by hand.
  void notice_clock() { time_.ring(); }

  /// What of the work that is due by now is still under way; empty: none.
  std::string find_unsettled();

  struct Figures {
    Duration timer_lag;              // age of the oldest timer that is due
    std::uint64_t consumer_lag = 0;  // records
    bool is_paused = false;          // the points partner refuses our access
    bool is_circuit_open = false;    // calls to the partner fail in a row
    bool is_clock_held = false;      // timers wait for `thaw unfence --clock`
  };
  Figures figures();

 private:
  Effects(EngineHost& host, const Clock& clock, std::function<void()> on_day);

  Status set_poison_aside();
  void fire_timers();
  bool may_fire();
  void keep_house();
  void dispatch();
  void send_rewards();
  bool is_stopping() const { return is_stopping_; }

  EngineHost& host_;
  const Clock& clock_;
  std::function<void()> on_day_;
  LaneLedger effects_ledger_;
  LaneLedger rewards_ledger_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Points> points_;
  std::unique_ptr<RewardWorker> worker_;
  Grants grants_;
  SettlementWaits waits_;
  Dispatcher dispatcher_;
  ClockGuard clock_guard_;
  TimerDriver timers_;
  std::size_t reward_threads_ = 0;
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> is_clock_held_{false};
  std::atomic<int> sending_{0};               // reward threads at work
  std::atomic<std::uint64_t> dispatched_{0};  // every consumer has seen the log up to here
  std::atomic<std::int64_t> house_kept_at_ms_{-1};
  Bell time_;     // the clock moved, or something became due
  Bell rewards_;  // a reward has something to do
  std::vector<std::thread> threads_;
};

}  // namespace thaw
