#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "domain/commands.h"
#include "domain/reply.h"

namespace thaw {

/// Where a command comes from. Each lane is bounded and has its share of every group, so that none
/// starves another.
enum class Lane : std::uint8_t { requests, timers, rewards, import };
inline constexpr std::size_t kLaneCount = 4;

struct QueuedCommand {
  Command command;
  std::function<void(Result<Reply>)> done;  // called once, on the writer's thread
};

/// Commands are large: they wait, and go, by pointer.
using QueuedPtr = std::unique_ptr<QueuedCommand>;

/// The commands waiting for the writer. Not thread-safe: the engine locks around it.
class Lanes {
 public:
  explicit Lanes(std::size_t capacity) : capacity_(capacity) {}

  /// False if the lane is full: the caller answers 429.
  bool push(Lane lane, QueuedPtr command);
  /// Up to `most` commands: first each lane's share, then whatever is left, in the lanes' order.
  std::vector<QueuedPtr> take(std::size_t most);
  bool is_empty() const;
  std::size_t size(Lane lane) const { return queues_[static_cast<std::size_t>(lane)].size(); }

 private:
  std::size_t capacity_;
  std::array<std::deque<QueuedPtr>, kLaneCount> queues_;
};

}  // namespace thaw
