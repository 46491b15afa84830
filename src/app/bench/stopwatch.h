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

/// Processor time used so far, user and system: of the calling thread, and of the whole process. It
/// says what work costs on a machine that others use too.
std::int64_t thread_processor_ns();
std::int64_t process_processor_ns();

/// The most memory that the process has had resident so far.
std::uint64_t process_memory_bytes_max();

}  // namespace thaw
