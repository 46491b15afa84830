#pragma once

#include <deque>
#include <functional>

#include "application/ports/helper.h"

namespace thaw {

/// A helper in one thread, as late as a helper may be: a work is done when it is waited for. What
/// its caller does before that stands for what runs beside it.
class LateHelper final : public Helper {
 public:
  void begin(std::function<void()> work) override { works_.push_back(std::move(work)); }
  void wait() override {
    if (done_before_ == 0) return do_oldest();
    --done_before_;
  }
  /// Does the oldest work before anybody waits for it.
  void do_early() {
    do_oldest();
    ++done_before_;
  }
  std::size_t left() const { return works_.size(); }

 private:
  void do_oldest() {
    if (works_.empty()) return;
    const std::function<void()> work = std::move(works_.front());
    works_.pop_front();
    work();
  }

  std::deque<std::function<void()>> works_;
  std::size_t done_before_ = 0;
};

}  // namespace thaw
