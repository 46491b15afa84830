#include "adapters/http/stream_queue.h"

#include <utility>

namespace thaw {
namespace {

class QueueStream final : public ResponseStream {
 public:
  QueueStream(std::shared_ptr<StreamQueue> queue, std::shared_ptr<void> home)
      : home_(std::move(home)), queue_(std::move(queue)) {}
  ~QueueStream() override { queue_->close(); }

  bool write(std::string chunk) override { return queue_->write(std::move(chunk)); }
  bool is_open() const override { return queue_->is_open(); }
  void close() override { queue_->close(); }

 private:
  std::shared_ptr<void> home_;
  std::shared_ptr<StreamQueue> queue_;
};

}  // namespace

bool StreamQueue::write(std::string chunk) {
  std::unique_lock lock(mutex_);
  if (closed_ || bytes_.size() + chunk.size() > buffer_max_) return false;
  if (bytes_.empty()) {
    bytes_ = std::move(chunk);
  } else {
    bytes_ += chunk;
  }
  wake_up(std::move(lock));
  return true;
}

bool StreamQueue::is_open() const {
  const std::lock_guard lock(mutex_);
  return !closed_;
}

void StreamQueue::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  wake_up(std::move(lock));
}

StreamQueue::Taken StreamQueue::take() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(bytes_, {}), closed_};
}

void StreamQueue::when_ready(std::move_only_function<void()> wake) {
  {
    const std::lock_guard lock(mutex_);
    if (bytes_.empty() && !closed_) {
      wake_ = std::move(wake);
      return;
    }
  }
  wake();
}

void StreamQueue::wake_up(std::unique_lock<std::mutex> lock) {
  auto wake = std::exchange(wake_, nullptr);
  lock.unlock();
  if (wake) wake();
}

void open_stream(const HttpResponse& response, std::shared_ptr<StreamQueue> queue,
                 std::shared_ptr<void> home) {
  auto stream = std::make_shared<QueueStream>(std::move(queue), std::move(home));
  try {
    response.on_open(std::move(stream));
  } catch (const std::exception&) {
    // The stream was let go of in the throwing, or is still written to: either is in order.
  }
}

}  // namespace thaw
