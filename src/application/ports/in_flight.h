#pragma once

#include <cstdint>
#include <string_view>

namespace thaw {

/// Who works on an item of its own accord, and would take it up again after a crash.
enum class Worker : std::uint8_t { timers, consumers };

/// Notes what is being worked on, so that an item on which the process dies again and again is
/// found out (DESIGN §2, "Poison"). A note outlives the process, not the machine. One thread for
/// each worker.
class InFlight {
 public:
  virtual ~InFlight() = default;
  virtual void begin(Worker worker, std::string_view item) = 0;
  virtual void end(Worker worker) = 0;
};

}  // namespace thaw
