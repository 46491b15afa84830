#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/disk/posix_disk.h"
#include "adapters/rocksdb/rocksdb_index.h"
#include "app/bench/latencies.h"
#include "application/engine/engine.h"
#include "application/engine/journal_log.h"

namespace thaw {

/// The engine as it is shipped, in a folder of its own: journal on a real disk, RocksDB behind it
/// on a second thread. Commands are run in closed groups by the calling thread, which is the
/// writer; the clock is one of its own, and moves by a millisecond a group.
class BenchEngine {
 public:
  /// `folder` must exist and be empty. `member_cache_bytes` as of EngineOptions.
  static Result<std::unique_ptr<BenchEngine>> open(const std::string& folder,
                                                   std::size_t member_cache_bytes);
  ~BenchEngine();

  Instant now() const { return now_; }
  /// Submits the commands as one group and answers when each is durable; with `latencies`, adds how
  /// long each took. An error if one was not carried out.
  Status run_group(std::vector<Command> commands, Latencies* latencies);
  /// Waits until the index holds all that the journal does.
  Status drain();
  std::uint64_t journal_bytes() const { return journal_->head().position; }

 private:
  BenchEngine() = default;
  void index_until_stopped();

  Instant now_ = *parse_rfc3339("2025-11-03T00:00:00Z");
  std::unique_ptr<PosixDisk> disk_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  std::unique_ptr<RocksDbIndex> index_;
  std::unique_ptr<Engine> engine_;
  std::atomic<std::uint64_t> written_{0};  // raised after each group: what the indexer waits for
  std::atomic<std::uint64_t> indexed_{0};  // raised after each of the indexer's steps
  std::atomic<bool> is_draining_{false};
  std::atomic<bool> is_stopping_{false};
  std::thread indexer_;
};

}  // namespace thaw
