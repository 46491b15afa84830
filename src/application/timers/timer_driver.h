#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "domain/commands.h"
#include "domain/reply.h"
#include "domain/state.h"

namespace thaw {

/// Fires what is due (DESIGN §2, "Timers"): takes the timer rows in (due, window) order by a cursor
/// in memory, and goes back to the front only when nothing is in flight, so that a growing backlog
/// is never picked up twice. Thread-safe; meant for one thread that steps.
class TimerDriver {
 public:
  using Read = std::function<void(const std::function<void(StateView&)>&)>;
  /// False: the lane is full, `done` will not be called.
  using Submit = std::function<bool(Command, std::function<void(Result<Reply>)> done)>;

  TimerDriver(Read read, Submit submit) : read_(std::move(read)), submit_(std::move(submit)) {}

  /// Submits timers that are due at `now`, a batch at most. The number submitted.
  std::size_t step(Instant now);

  /// Nothing due at `now` is left, neither in its row nor in flight.
  bool is_idle(Instant now) const;
  /// Due time of the first timer row; nothing if there is none. In flight or not.
  std::optional<Instant> first_due() const;

 private:
  static constexpr std::size_t kBatch = 1024;
  struct Due {
    std::string key;
    FireTimer command;
  };
  std::vector<Due> find_due(Instant now) const;
  bool fire(const Due& due);

  Read read_;
  Submit submit_;
  mutable std::mutex mutex_;
  std::set<std::string> in_flight_;  // keys; guarded by mutex_
  std::string cursor_;               // the last key taken; empty: the front. Guarded by mutex_
};

}  // namespace thaw
