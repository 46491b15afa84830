#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "app/bench/bench_engine.h"
#include "app/bench/latencies.h"
#include "app/server/bell.h"

namespace thaw {

/// Threads that read the progress of members drawn evenly while loads are written, each about every
/// millisecond: member, rules and reward, as `GET /v1/members/{id}/progress` does.
class ProgressReaders {
 public:
  ProgressReaders(BenchEngine& engine, std::uint64_t members, std::size_t threads,
                  std::uint64_t seed);
  ~ProgressReaders() { stop(); }

  /// How long each read took, and how many found no member.
  struct Reads {
    Latencies latencies;
    std::uint64_t missed = 0;
  };
  Reads stop();

 private:
  void read_until_stopped(std::uint64_t seed, Reads& reads);
  bool read_progress(std::uint64_t member);

  BenchEngine& engine_;
  const std::uint64_t members_;
  std::atomic<bool> is_stopping_{false};
  Bell never_;
  std::vector<Reads> reads_;  // one a thread
  std::vector<std::thread> threads_;
};

}  // namespace thaw
