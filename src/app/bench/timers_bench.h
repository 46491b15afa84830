#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace thaw {

/// What `thaw bench timers` measures: how late timers fire when many are outstanding and a herd of
/// them falls due within one second. On the wall clock; none may fire early.
struct TimersBenchOptions {
  std::string folder;  // exists and is empty; what is written stays there
  std::uint64_t outstanding = 100'000;
  std::uint64_t herd = 10'000;
  bool is_json = false;
};

/// Prints a table, or JSON, to `out` and what is under way to `progress`. The exit code: 3 if a
/// timer fired early or never.
int run_timers_bench(const TimersBenchOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
