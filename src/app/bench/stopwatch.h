#pragma once

#include <cstdint>

#include "adapters/clock/clock.h"

namespace thaw {

/// Time since it was made. Of benchmarks only: nothing is decided by it.
class Stopwatch {
 public:
  Stopwatch() : from_(monotonic_ns()) {}
  std::int64_t ns() const { return monotonic_ns() - from_; }
  double seconds() const { return static_cast<double>(ns()) / 1e9; }

 private:
  std::int64_t from_;
};

}  // namespace thaw
