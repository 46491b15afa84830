#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

/// Durations, by their percentiles. Exact: every one is kept (4 bytes each, in microseconds).
class Latencies {
 public:
  void reserve(std::size_t count) { us_.reserve(count); }
  void add_ns(std::int64_t ns, std::size_t count = 1);
  void add(const Latencies& other);
  std::size_t count() const { return us_.size(); }
  /// In milliseconds; the value that `per_mille` of a thousand do not exceed, 1000 the largest.
  /// Zero if there is none. Sorts on first use.
  double at_per_mille(unsigned per_mille);

 private:
  std::vector<std::uint32_t> us_;
  bool is_sorted_ = true;
};

}  // namespace thaw
