#include "app/bench/latencies.h"

#include <algorithm>
#include <limits>

namespace thaw {

void Latencies::add_ns(std::int64_t ns, std::size_t count) {
  const std::int64_t us = std::clamp<std::int64_t>(ns / 1000, 0, UINT32_MAX);
  us_.insert(us_.end(), count, static_cast<std::uint32_t>(us));
  is_sorted_ = false;
}

void Latencies::add(const Latencies& other) {
  us_.insert(us_.end(), other.us_.begin(), other.us_.end());
  is_sorted_ = false;
}

double Latencies::at_per_mille(unsigned per_mille) {
  if (us_.empty()) return 0;
  // total: plain numbers.
  if (!is_sorted_) std::sort(us_.begin(), us_.end());
  is_sorted_ = true;
  const std::size_t rank = (us_.size() * per_mille + 999) / 1000;
  return us_[std::clamp<std::size_t>(rank, 1, us_.size()) - 1] / 1000.0;
}

}  // namespace thaw
