#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "application/ports/helper.h"

namespace thaw {

/// A helper that is a thread of its own.
class HelperThread final : public Helper {
 public:
  HelperThread();
  /// Does first what is under way.
  ~HelperThread() override;

  void begin(std::function<void()> work) override;
  void wait() override;

 private:
  void work_until_stopped();

  // Not an atomic's wait: that one yields the processor some times before it sleeps, and a thread
  // that yields is the last to get it back.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<std::function<void()>, kWorksMax> works_;  // work n in place n % kWorksMax
  std::uint64_t begun_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t waited_for_ = 0;
  bool is_stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace thaw
