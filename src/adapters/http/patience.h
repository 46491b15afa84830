#pragma once

#include <chrono>

#include "base/instant.h"

namespace thaw {

/// How long a connection may still take over what it does now.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  void allow(Duration length) { allow_until(Clock::now() + std::chrono::milliseconds(length.ms)); }
  void allow_until(Clock::time_point deadline) {
    deadline_ = deadline;
    ran_out_ = false;
  }
  void allow_for_ever() { allow_until(Clock::time_point::max()); }

  /// Looks at the clock; true from the deadline on, until more is allowed.
  bool runs_out(Clock::time_point now) {
    ran_out_ = ran_out_ || now >= deadline_;
    return ran_out_;
  }
  bool ran_out() const { return ran_out_; }

 private:
  Clock::time_point deadline_ = Clock::time_point::max();
  bool ran_out_ = false;
};

}  // namespace thaw
