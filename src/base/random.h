#pragma once

#include <array>
#include <cstdint>

#include "base/check.h"

namespace thaw {

/// Deterministic pseudo-random numbers: xoshiro256** seeded by splitmix64 (Blackman and Vigna). The
/// same seed gives the same numbers on every compiler, which std::*_distribution does not promise.
/// Not for secrets. Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high);
  /// True `parts` times of `whole`.
  bool chance(std::uint64_t parts, std::uint64_t whole) { return below(whole) < parts; }
  /// A generator of its own, so that one consumer's draws do not move another's.
  Random fork() { return Random(next()); }

  template <typename Container>
  auto& pick(Container& items) {
    CHECK(!items.empty());
    return items[below(items.size())];
  }
  /// Fisher-Yates; std::shuffle's order differs between libraries.
  template <typename Container>
  void shuffle(Container& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      using std::swap;
      swap(items[i - 1], items[below(i)]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace thaw
