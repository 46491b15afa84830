#pragma once

#include <functional>

#include "application/ports/ledger.h"
#include "domain/clock_step.h"

namespace thaw {

/// Keeps timers from firing by a wall clock that somebody has set forward (DESIGN §2, "Timers").
/// One thread.
class ClockGuard {
 public:
  ClockGuard(Ledger& ledger, std::function<ClockReading()> read)
      : ledger_(ledger), read_(std::move(read)) {}

  /// True if timers may fire. Looks at the clock; journals a reading at the first call, every hour,
  /// and when the clock looks wrong. An error: the ledger's.
  Result<bool> allows_timers();

 private:
  Result<bool> note(const ClockReading& reading);
  ClockWatch load_watch();

  Ledger& ledger_;
  std::function<ClockReading()> read_;
  ClockReading trusted_;
  std::int64_t noted_at_ms_ = -1;  // since boot
  bool is_held_ = false;
};

}  // namespace thaw
