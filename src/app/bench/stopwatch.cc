#include "app/bench/stopwatch.h"

#include <chrono>

namespace thaw {

std::int64_t monotonic_ns() {
  const auto now = std::chrono::steady_clock::now();  // tidy: allow clock: it only measures
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
}

}  // namespace thaw
