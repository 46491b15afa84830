#pragma once

#include <cstdint>

namespace thaw {

/// Nanoseconds of a clock that never goes back, from no particular instant.
std::int64_t monotonic_ns();

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
