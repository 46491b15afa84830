#pragma once

#include <functional>
#include <map>
#include <string>

#include "application/ports/ledger.h"

namespace thaw {

/// The ledger in memory: an ordered map and a log. Twin of the embedded engine in tests, and the
/// store of the rule simulation. `start` and `commit` are apart so that commands can interleave as
/// they do on a remote store: a commit whose rows changed since they were read is a conflict.
/// For one thread.
class MemoryLedger final : public Ledger {
 public:
  /// `now` is asked once a command; recorded_at never goes back behind what was recorded.
  explicit MemoryLedger(std::function<Instant()> now) : now_(std::move(now)) {}

  Result<Reply> run(const Command& command) override;
  void read(const std::function<void(StateView&)>& reader) override;
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override;

  struct Attempt {
    WriteSet write_set;
    Instant recorded_at;
  };
  Attempt start(const Command& command);
  /// ErrorCode::conflict, retryable, if a row read has changed since.
  Result<Reply> commit(const Attempt& attempt);

  const std::map<std::string, StoredRow>& rows() const { return rows_; }

 private:
  class View;
  Instant next_recorded_at();

  std::function<Instant()> now_;
  Instant last_recorded_at_ = Instant::min();
  std::map<std::string, StoredRow> rows_;
  std::vector<LogRecord> log_;
};

}  // namespace thaw
