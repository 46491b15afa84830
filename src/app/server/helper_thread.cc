#include "app/server/helper_thread.h"

#include "app/server/thread_turns.h"
#include "base/check.h"

namespace thaw {

HelperThread::HelperThread() : thread_([this] { work_until_stopped(); }) {}

HelperThread::~HelperThread() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void HelperThread::begin(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    CHECK(begun_ - waited_for_ < kWorksMax);
    works_[begun_++ % kWorksMax] = std::move(work);
  }
  changed_.notify_all();
}

void HelperThread::wait() {
  std::unique_lock lock(mutex_);
  if (waited_for_ == begun_) return;
  changed_.wait(lock, [&] { return done_ > waited_for_; });
  ++waited_for_;
}

void HelperThread::work_until_stopped() {
  take_short_turns();
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return done_ < begun_ || is_stopping_; });
    if (done_ == begun_) return;
    const auto& work = works_[done_ % kWorksMax];
    lock.unlock();
    work();
    lock.lock();
    ++done_;
    changed_.notify_all();
  }
}

}  // namespace thaw
