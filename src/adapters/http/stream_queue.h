#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "application/ports/http.h"

namespace thaw {

/// The bytes of a ResponseStream between the handler's threads and the connection's.
class StreamQueue {
 public:
  explicit StreamQueue(std::size_t buffer_max) : buffer_max_(buffer_max) {}

  // The handler's side, any thread.
  bool write(std::string chunk);
  bool is_open() const;
  void close();

  // The connection's side.
  struct Taken {
    std::string bytes;
    bool is_end = false;  // nothing will follow
  };
  Taken take();
  /// `wake` is called once, on whatever thread, as soon as `take` has something to say.
  void when_ready(std::move_only_function<void()> wake);

 private:
  void wake_up(std::unique_lock<std::mutex> lock);

  const std::size_t buffer_max_;
  mutable std::mutex mutex_;
  std::string bytes_;
  bool closed_ = false;
  std::move_only_function<void()> wake_;
};

/// Hands the writing end to `response.on_open`. When its last copy goes, the queue is closed.
/// `home` is what must outlive it.
void open_stream(const HttpResponse& response, std::shared_ptr<StreamQueue> queue,
                 std::shared_ptr<void> home);

}  // namespace thaw
