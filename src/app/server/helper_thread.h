#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "application/ports/helper.h"

namespace thaw {

/// A helper that is a thread of its own.
class HelperThread final : public Helper {
 public:
  HelperThread();
  /// Waits for work that is under way.
  ~HelperThread() override;

  void begin(std::function<void()> work) override;
  void wait() override;

 private:
  enum class State { idle, working, stopping };
  void work_until_stopped();

  std::function<void()> work_;  // handed over by the state
  std::atomic<State> state_{State::idle};
  std::thread thread_;
};

}  // namespace thaw
