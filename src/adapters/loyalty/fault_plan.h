#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/random.h"
#include "base/result.h"

namespace thaw {

/// Which of the partner's calls a fault is for.
enum class SandboxCall { issue, find, reverse, list };

/// "before": nothing is done. "after": done and durable, only the answer is lost or spoilt.
enum class FaultKind {
  none,
  error,           // before: `status`
  error_after,     // after: `status`
  timeout_before,  // no answer for `timeout_ms`, then the connection is closed
  timeout_after,
  drop_before,  // the connection is closed at once
  drop_after,
  unreadable_after,  // 200 with a body that is not the contract's
};

std::string_view to_string(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::none;
  int status = 503;                           // of the error kinds
  std::optional<std::int64_t> retry_after_s;  // sent with an error
};

/// What `POST /faults` asks for (docs/formats/points-api.md). Draws follow the seed, one for each
/// call that the plan covers, in the order in which calls come. Not thread-safe.
class FaultPlan {
 public:
  FaultPlan() : random_(1) {}

  /// `invalid` says what is wrong; unknown fields are.
  static Result<FaultPlan> parse(std::string_view json);

  Fault draw(SandboxCall call);
  /// How much later than usual this call is answered.
  std::int64_t delay_ms(SandboxCall call) const { return covers(call) ? delay_ms_ : 0; }
  std::int64_t timeout_ms() const { return timeout_ms_; }
  /// Keys older than this are forgotten, as after a partner's idempotency horizon.
  std::optional<Duration> forget_after() const { return forget_after_; }

  /// {"plan":{…as sent…},"drawn":{"timeout_after":2,…}}
  std::string to_json() const;

 private:
  struct Next {
    Fault fault;
    std::int64_t calls = 1;
    std::optional<SandboxCall> on;
  };
  struct Reader;

  bool covers(SandboxCall call) const { return covered_[static_cast<std::size_t>(call)]; }
  Fault pick(SandboxCall call);

  Random random_;
  std::array<bool, 4> covered_{true, true, true, true};
  std::array<std::uint64_t, 8> percent_{};
  std::array<std::uint64_t, 8> drawn_{};
  std::vector<Next> next_;
  Fault usual_error_;
  std::int64_t delay_ms_ = 0;
  std::int64_t timeout_ms_ = 60'000;
  std::optional<Duration> forget_after_;
  std::string sent_ = "{}";
};

}  // namespace thaw
