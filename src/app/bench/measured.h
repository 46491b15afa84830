#pragma once

#include <cstdint>
#include <string>

#include "app/bench/latencies.h"

namespace thaw {

/// What one setting of a benchmark came to.
struct Measured {
  std::string name;
  std::size_t group = 0;  // loads that one commit made durable; PostgreSQL: loads a transaction
  std::uint64_t loads = 0;
  double seconds = 0;
  std::uint64_t journal_bytes = 0;
  std::int64_t writer_ns = 0;   // processor time of the writer's thread
  std::int64_t process_ns = 0;  // of all threads, until the index had caught up
  Latencies latencies;          // from submission to the durable answer

  double per_second() const { return seconds > 0 ? static_cast<double>(loads) / seconds : 0; }
  double each(std::uint64_t total) const {
    return loads > 0 ? static_cast<double>(total) / static_cast<double>(loads) : 0;
  }
};

}  // namespace thaw
