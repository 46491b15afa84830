#pragma once

#include <string>

#include "base/instant.h"
#include "domain/clock_step.h"

namespace thaw {

/// The time of the simulated world, and what the machine's clock makes of it.
struct SimClock {
  Instant now;             // true
  Duration ahead;          // of the wall clock
  std::int64_t boots = 1;  // a power cut begins a new one
  Instant booted_at;
  Duration ahead_at_boot{};  // nobody can tell (DESIGN §2, "Timers")

  Instant wall() const { return now + ahead; }
  ClockReading read() const {
    return {wall(), (now - booted_at).ms, "boot-" + std::to_string(boots)};
  }
};

}  // namespace thaw
