#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/instant.h"

namespace thaw {

/// Wakes a thread that waits for work. Ringing while nobody waits is remembered. Thread-safe.
class Bell {
 public:
  void ring() {
    {
      const std::scoped_lock lock(mutex_);
      ++rings_;
    }
    waiters_.notify_all();
  }
  /// Rings so far; hand it to `wait_beyond` to miss none.
  std::uint64_t rings() const {
    const std::scoped_lock lock(mutex_);
    return rings_;
  }
  /// Until it has rung more than `seen` times, or the time is up.
  void wait_beyond(std::uint64_t seen, Duration at_most) const {
    std::unique_lock lock(mutex_);
    waiters_.wait_for(lock, std::chrono::milliseconds(at_most.ms), [&] { return rings_ > seen; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable waiters_;
  std::uint64_t rings_ = 0;
};

}  // namespace thaw
