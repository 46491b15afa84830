#pragma once

#include <functional>

namespace thaw {

/// Does one thing at a time beside its caller: a thread in the server, a call put off in the
/// simulator. One thread calls it.
class Helper {
 public:
  virtual ~Helper() = default;
  /// Begins the work, which may be done by the time this returns. None may be under way.
  virtual void begin(std::function<void()> work) = 0;
  /// Returns when the work is done; what it wrote is then seen.
  virtual void wait() = 0;
};

}  // namespace thaw
