#pragma once

#include <cstdint>
#include <functional>

#include "base/instant.h"

namespace thaw {

struct CallPaceOptions {
  std::int64_t rate_max = 0;  // calls a second; 0: no limit
  int failures_max = 20;      // in a row, then the circuit opens; 0: never
  Duration rest = Duration::seconds(1);
  Duration rest_max = Duration::seconds(30);
};

/// Spares the points partner (SPEC §2.7, "Rate"): a bucket of calls, and a circuit breaker. An open
/// circuit lets one call through after each rest, which doubles until a call is answered well. Runs
/// on the machine's own time, not on the server's clock. Not thread-safe.
class CallPace {
 public:
  CallPace(CallPaceOptions options, std::function<std::int64_t()> monotonic_ms);

  /// True: one call may be made now, and is counted. Its outcome has to be noted.
  bool take();
  /// What came of a call that `take` allowed: the partner was well, or not; nothing: no call after
  /// all.
  void note_well();
  void note_trouble();
  void give_back();

  bool is_open() const { return is_open_; }

 private:
  bool take_token();

  CallPaceOptions options_;
  std::function<std::int64_t()> monotonic_ms_;
  std::int64_t filled_at_ms_ = 0;
  std::int64_t tokens_ = 0;  // thousandths of a call
  int failures_ = 0;
  bool is_open_ = false;
  bool is_probing_ = false;
  Duration rest_;
  std::int64_t probe_at_ms_ = 0;
};

}  // namespace thaw
