#include "app/server/helper_thread.h"

#include "base/check.h"

namespace thaw {

HelperThread::HelperThread() : thread_([this] { work_until_stopped(); }) {}

HelperThread::~HelperThread() {
  while (waited_for_ != begun_) wait();
  is_stopping_ = true;
  ++begun_;
  begun_.notify_one();
  thread_.join();
}

void HelperThread::begin(std::function<void()> work) {
  CHECK(begun_ - waited_for_ < kWorksMax);
  works_[begun_ % kWorksMax] = std::move(work);
  ++begun_;
  begun_.notify_one();
}

void HelperThread::wait() {
  if (waited_for_ == begun_) return;
  for (std::uint32_t done = done_; done == waited_for_; done = done_) done_.wait(done);
  ++waited_for_;
}

void HelperThread::work_until_stopped() {
  for (std::uint32_t number = 0;; ++number) {
    begun_.wait(number);
    if (begun_ == number + 1 && is_stopping_) return;
    works_[number % kWorksMax]();
    ++done_;
    done_.notify_one();
  }
}

}  // namespace thaw
