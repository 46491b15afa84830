#include "app/server/helper_thread.h"

#include "base/check.h"

namespace thaw {

HelperThread::HelperThread() : thread_([this] { work_until_stopped(); }) {}

HelperThread::~HelperThread() {
  wait();
  state_ = State::stopping;
  state_.notify_all();
  thread_.join();
}

void HelperThread::begin(std::function<void()> work) {
  CHECK(state_ == State::idle);
  work_ = std::move(work);
  state_ = State::working;
  state_.notify_all();
}

void HelperThread::wait() {
  state_.wait(State::working);
}

void HelperThread::work_until_stopped() {
  for (;;) {
    state_.wait(State::idle);
    if (state_ == State::stopping) return;
    work_();
    state_ = State::idle;
    state_.notify_all();
  }
}

}  // namespace thaw
