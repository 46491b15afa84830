#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace thaw {

/// The state in which the points partner has a key.
enum class PointsState { issued, reversed };

/// What the points partner answered: one alternative for each thing that SPEC §2.7 treats apart.
/// Statuses are the HTTP ones.
struct PointsIssued {
  std::string reference;
  friend bool operator==(const PointsIssued&, const PointsIssued&) = default;
};
/// To `find`: the key is known. To `reverse`: done, with `state` reversed.
struct PointsFound {
  PointsState state = PointsState::issued;
  std::string reference;
  friend bool operator==(const PointsFound&, const PointsFound&) = default;
};
/// To `find` only: never issued, as far as the partner remembers.
struct PointsNotFound {
  friend bool operator==(const PointsNotFound&, const PointsNotFound&) = default;
};
/// 425, 429: refused for now, nothing was done.
struct PointsRetryLater {
  int status = 429;
  std::optional<Duration> retry_after;
  friend bool operator==(const PointsRetryLater&, const PointsRetryLater&) = default;
};
/// The connection was never made: nothing can have been done.
struct PointsNeverSent {
  friend bool operator==(const PointsNeverSent&, const PointsNeverSent&) = default;
};
/// It may or may not have been done: ask with `find` before sending again.
struct PointsUnknown {
  enum class Cause {
    status,      // 5xx, 408, 409
    timeout,     // no answer in time
    no_answer,   // the connection broke, or what came was not HTTP
    unreadable,  // a 2xx whose body is not what the contract says
  };
  Cause cause = Cause::status;
  int status = 0;  // of causes `status` and `unreadable`
  std::optional<Duration> retry_after;
  friend bool operator==(const PointsUnknown&, const PointsUnknown&) = default;
};
/// Another 4xx: final.
struct PointsRefused {
  int status = 400;
  friend bool operator==(const PointsRefused&, const PointsRefused&) = default;
};
/// Not about this reward but about our access: 401, 403, 3xx, a 404 to POST; no status: TLS failed.
struct PointsPaused {
  std::optional<int> status;
  friend bool operator==(const PointsPaused&, const PointsPaused&) = default;
};

using PointsOutcome = std::variant<PointsIssued, PointsFound, PointsNotFound, PointsRetryLater,
                                   PointsNeverSent, PointsUnknown, PointsRefused, PointsPaused>;

struct PointsAnswer {
  PointsOutcome outcome;
  std::string result;  // `attempts[].result` of SPEC §3.6, by `points_result`
  std::string detail;  // for a person: what the partner or the network said, cut to 256 bytes
};

/// issued, found, not_found, error_<status>, timeout, no_answer, connection_failed (SPEC §3.6).
inline std::string points_result(const PointsOutcome& outcome) {
  struct Texts {
    static std::string error(int status) { return "error_" + std::to_string(status); }
    std::string operator()(const PointsIssued&) const { return "issued"; }
    std::string operator()(const PointsFound&) const { return "found"; }
    std::string operator()(const PointsNotFound&) const { return "not_found"; }
    std::string operator()(const PointsRetryLater& later) const { return error(later.status); }
    std::string operator()(const PointsNeverSent&) const { return "connection_failed"; }
    std::string operator()(const PointsUnknown& unknown) const {
      switch (unknown.cause) {
        case PointsUnknown::Cause::status:
        case PointsUnknown::Cause::unreadable: return error(unknown.status);
        case PointsUnknown::Cause::timeout: return "timeout";
        case PointsUnknown::Cause::no_answer: return "no_answer";
      }
      return "no_answer";
    }
    std::string operator()(const PointsRefused& refused) const { return error(refused.status); }
    std::string operator()(const PointsPaused& paused) const {
      return paused.status ? error(*paused.status) : "connection_failed";
    }
  };
  return std::visit(Texts{}, outcome);
}

struct PointsIssueRequest {
  std::string member;
  std::int64_t points = 0;
  std::string idempotency_key;
  std::string reason;  // the campaign id
};

/// One issue as the partner has it, for the three-way reconciliation (SPEC §2.8).
struct PointsEntry {
  std::string idempotency_key;
  std::string member;
  std::int64_t points = 0;
  PointsState state = PointsState::issued;
  std::string reference;
  Instant issued_at;
  std::optional<Instant> reversed_at;
  friend bool operator==(const PointsEntry&, const PointsEntry&) = default;
};

struct PointsPage {
  std::vector<PointsEntry> entries;
  std::string next_cursor;  // empty on the last page
};

/// The points partner (docs/formats/points-api.md). Blocking, thread-safe; each call is one HTTP
/// request, never repeated by itself: retries are the reward consumer's (SPEC §2.7).
class Points {
 public:
  virtual ~Points() = default;
  virtual PointsAnswer issue(const PointsIssueRequest& request) = 0;
  virtual PointsAnswer find(std::string_view idempotency_key) = 0;
  /// Takes back what was issued under the key; sent under `{key}-reversal`.
  virtual PointsAnswer reverse(std::string_view idempotency_key) = 0;
  /// A page of what was issued or reversed in [from, to), oldest first; `cursor` empty at first.
  virtual Result<PointsPage> list(Instant from, Instant to, std::string_view cursor) = 0;
};

}  // namespace thaw
