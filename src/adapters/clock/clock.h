#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/instant.h"
#include "domain/clock_step.h"

namespace thaw {

/// The one place that asks what time it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  /// Null unless the clock is moved by hand (`--clock manual`).
  virtual class ManualClock* manual() { return nullptr; }
  /// With the time since boot beside it. A manual clock names no boot.
  virtual ClockReading read() const = 0;
};

/// The machine's clock.
class WallClock final : public Clock {
 public:
  Instant now() const override;
  ClockReading read() const override;
};

/// Stands still until it is moved, and moves forward only.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant now() const override;
  ManualClock* manual() override { return this; }
  ClockReading read() const override;
  /// False, and nothing changes, if `to` lies before the present.
  bool move_to(Instant to);

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

/// Milliseconds that only grow, from an arbitrary start: for measuring and for waiting.
std::int64_t monotonic_ms();
/// The same in nanoseconds.
std::int64_t monotonic_ns();
/// Milliseconds since this boot, sleep included (CLOCK_BOOTTIME).
std::int64_t since_boot_ms();
/// Another one after each start of the machine; "unknown" where the system does not tell.
const std::string& boot_id();

}  // namespace thaw
