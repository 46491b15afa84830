#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/check.h"

namespace thaw {

/// One value on its way from whatever thread has it to the connection that waits for it.
template <typename Value>
class Handover {
 public:
  /// Any thread, once.
  void give(Value value) {
    std::move_only_function<void()> wake;
    {
      const std::lock_guard lock(mutex_);
      CHECK(!value_.has_value());
      value_.emplace(std::move(value));
      wake = std::move(wake_);
    }
    if (wake) wake();
  }
  bool is_given() const {
    const std::lock_guard lock(mutex_);
    return value_.has_value();
  }
  /// `wake` is called once, on the giver's thread, or at once if the value is there.
  void when_given(std::move_only_function<void()> wake) {
    {
      const std::lock_guard lock(mutex_);
      if (!value_.has_value()) {
        wake_ = std::move(wake);
        return;
      }
    }
    wake();
  }
  Value take() {
    const std::lock_guard lock(mutex_);
    return std::move(*value_);
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Value> value_;
  std::move_only_function<void()> wake_;
};

/// The giving end, to be called once. When its last copy goes uncalled it gives `if_dropped`, so
/// that nobody waits for ever. `home` is what must outlive the call (the server's event loop).
template <typename Value>
auto make_giver(std::shared_ptr<Handover<Value>> handover, Value if_dropped,
                std::shared_ptr<void> home) {
  struct Ticket {
    std::shared_ptr<void> home;
    std::shared_ptr<Handover<Value>> handover;
    Value if_dropped;
    std::atomic<bool> is_given = false;

    Ticket(std::shared_ptr<void> h, std::shared_ptr<Handover<Value>> o, Value v)
        : home(std::move(h)), handover(std::move(o)), if_dropped(std::move(v)) {}
    ~Ticket() {
      if (!is_given.load()) handover->give(std::move(if_dropped));
    }
  };
  auto ticket =
      std::make_shared<Ticket>(std::move(home), std::move(handover), std::move(if_dropped));
  return [ticket](Value value) {
    CHECK(!ticket->is_given.exchange(true));  // a second answer to one question
    ticket->handover->give(std::move(value));
  };
}

}  // namespace thaw
