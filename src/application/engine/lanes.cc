#include "application/engine/lanes.h"

#include <algorithm>

namespace thaw {
namespace {

// In sixteenths of a group: requests are what somebody waits for; timers and reward results are few
// and must not fall behind; imports take what is left.
constexpr std::array<std::size_t, kLaneCount> kShares{8, 3, 3, 2};

}  // namespace

bool Lanes::push(Lane lane, QueuedPtr command) {
  auto& queue = queues_[static_cast<std::size_t>(lane)];
  if (queue.size() >= capacity_) return false;
  queue.push_back(std::move(command));
  return true;
}

std::vector<QueuedPtr> Lanes::take(std::size_t most) {
  std::vector<QueuedPtr> taken;
  const auto take_from = [&](std::deque<QueuedPtr>& queue, std::size_t count) {
    for (; count > 0 && !queue.empty() && taken.size() < most; --count) {
      taken.push_back(std::move(queue.front()));
      queue.pop_front();
    }
  };
  for (std::size_t lane = 0; lane < kLaneCount; ++lane) {
    take_from(queues_[lane], std::max<std::size_t>(1, most * kShares[lane] / 16));
  }
  for (auto& queue : queues_) take_from(queue, most);
  return taken;
}

bool Lanes::is_empty() const {
  return std::all_of(queues_.begin(), queues_.end(),
                     [](const auto& queue) { return queue.empty(); });
}

}  // namespace thaw
