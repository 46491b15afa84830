#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
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

  std::array<std::function<void()>, kWorksMax> works_;  // work n in place n % kWorksMax
  std::atomic<std::uint32_t> begun_{0};                 // hands a work over
  std::atomic<std::uint32_t> done_{0};
  std::uint32_t waited_for_ = 0;
  bool is_stopping_ = false;  // handed over as a work is
  std::thread thread_;
};

}  // namespace thaw
