#pragma once

#include <cstddef>
#include <functional>

namespace thaw {

/// Does one thing after the other beside its caller: a thread in the server, calls put off in the
/// simulator. One thread calls it.
class Helper {
 public:
  /// Works that may be under way together: one at hand and one that waits for it.
  static constexpr std::size_t kWorksMax = 2;

  virtual ~Helper() = default;
  /// Begins the work, after those begun before; it may be done by the time this returns. Fewer than
  /// `kWorksMax` are under way.
  virtual void begin(std::function<void()> work) = 0;
  /// Returns when the oldest work that was not waited for yet is done; what it wrote is then seen.
  virtual void wait() = 0;
};

}  // namespace thaw
