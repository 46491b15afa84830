#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "application/ports/points.h"
#include "base/instant.h"
#include "base/result.h"

namespace thaw {

/// A movement of points as it happened; the ledger is the list of them, never changed.
struct SandboxMovement {
  std::int64_t number = 0;  // 1, 2, 3, …
  bool is_reversal = false;
  std::string key;
  std::string member;
  std::int64_t points = 0;
  std::string reason;
  std::string reference;
  Instant at;
};

struct SandboxTotals {
  std::int64_t issues = 0;
  std::int64_t reversals = 0;
  std::int64_t points_issued = 0;
  std::int64_t points_reversed = 0;
  std::int64_t keys_issued_twice = 0;  // whatever the partner had forgotten: must stay 0
};

/// The sandbox's memory: SQLite with WAL and synchronous=FULL, so what a call returned survives
/// kill -9 and a power cut. Issues older than `horizon` are unknown to `issue`, `find` and
/// `reverse`, but stay in the ledger. Not thread-safe. One process a folder.
class SandboxStore {
 public:
  static Result<std::unique_ptr<SandboxStore>> open(const std::string& folder);
  ~SandboxStore();

  enum class IssueOutcome { created, repeated, conflict };
  struct Issued {
    IssueOutcome outcome;
    std::string reference;
  };
  /// Same key and content: the first answer. Same key, other content: conflict, nothing is done.
  Result<Issued> issue(const PointsIssueRequest& request, Instant at, Instant horizon);

  Result<std::optional<PointsEntry>> find(const std::string& key, Instant horizon);

  /// Nothing if the key is unknown; a repeat changes nothing.
  Result<std::optional<PointsEntry>> reverse(const std::string& key, Instant at, Instant horizon);

  /// What was issued or reversed in [from, to), by number of the issue, after `cursor`.
  Result<std::vector<std::pair<std::int64_t, PointsEntry>>> list(Instant from, Instant to,
                                                                 std::int64_t cursor,
                                                                 std::int64_t limit);
  Result<std::vector<SandboxMovement>> ledger(std::int64_t after, std::int64_t limit);
  Result<SandboxTotals> totals();

 private:
  struct Implementation;
  explicit SandboxStore(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
