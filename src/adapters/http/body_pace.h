#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/instant.h"

namespace thaw {

/// Until when the next piece of a body may take: it may neither stall for long nor trickle for
/// ever.
class BodyPace {
 public:
  using Clock = std::chrono::steady_clock;

  /// `rate_min` in bytes a second, on average, after the first `timeout`.
  BodyPace(Clock::time_point begin, Duration timeout, std::uint64_t rate_min)
      : begin_(begin), timeout_(timeout.ms), rate_min_(std::max<std::uint64_t>(rate_min, 1)) {}

  void received(std::uint64_t bytes) { received_ += bytes; }
  Clock::time_point deadline(Clock::time_point now) const {
    const auto earned = std::chrono::milliseconds(received_ * 1000 / rate_min_);
    return std::min(now + timeout_, begin_ + timeout_ + earned);
  }

 private:
  Clock::time_point begin_;
  std::chrono::milliseconds timeout_;
  std::uint64_t rate_min_;
  std::uint64_t received_ = 0;
};

}  // namespace thaw
