#pragma once

#include <functional>
#include <utility>

#include "application/ports/helper.h"

namespace thaw {

/// A helper in one thread, as late as a helper may be: the work is done when it is waited for. What
/// its caller does before that stands for what runs beside it.
class LateHelper final : public Helper {
 public:
  void begin(std::function<void()> work) override { work_ = std::move(work); }
  void wait() override {
    if (const auto work = std::exchange(work_, nullptr)) work();
  }
  bool is_busy() const { return work_ != nullptr; }

 private:
  std::function<void()> work_;
};

}  // namespace thaw
