#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/disk/posix_disk.h"
#include "adapters/rocksdb/rocksdb_index.h"
#include "app/bench/latencies.h"
#include "app/bench/stopwatch.h"
#include "app/server/bell.h"
#include "app/server/helper_thread.h"
#include "application/engine/engine.h"
#include "application/engine/journal_log.h"

namespace thaw {

/// The engine as it is shipped, in a folder of its own: journal on a real disk, synced beside the
/// writer by a second thread, RocksDB behind it on a third. The calling thread is the writer; the
/// clock is one of its own, and moves by a millisecond a group.
class BenchEngine {
 public:
  /// `folder` must exist. `member_cache_bytes` as of EngineOptions.
  static Result<std::unique_ptr<BenchEngine>> open(const std::string& folder,
                                                   std::size_t member_cache_bytes);
  ~BenchEngine();

  Instant now() const { return now_; }
  /// Submits the commands as one group, and decides one submitted before: `kOpenGroups` are under
  /// way, on their way to the disk, being decided or waiting. With `latencies`, adds how long each
  /// command took to its durable answer. An error if a command was not carried out.
  Status run_group(std::vector<Command> commands, Latencies* latencies);
  /// Returns when each command is answered.
  Status finish_groups();
  /// As a reader of the server reads: beside the writer, from any thread.
  void read(const std::function<void(StateView&)>& reader) { engine_->read(reader); }
  /// Waits until the index holds all that the journal does.
  Status drain();
  std::uint64_t journal_bytes() const { return journal_->head().position; }

 private:
  /// One waits in the lane while one is decided: else the writer would wait for no more to come.
  static constexpr std::size_t kOpenGroups = Helper::kWorksMax + 2;
  struct OpenGroup {
    std::size_t count = 0;
    std::size_t answered = 0;
    Latencies* latencies = nullptr;
    Stopwatch watch;
  };

  BenchEngine() = default;
  void take_answer(OpenGroup& group, const Result<Reply>& reply);
  Status write_group();
  void index_until_stopped();

  Instant now_ = *parse_rfc3339("2025-11-03T00:00:00Z");
  std::unique_ptr<PosixDisk> disk_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  std::unique_ptr<RocksDbIndex> index_;
  HelperThread syncer_;
  std::deque<OpenGroup> open_;  // oldest first
  Status outcome_;
  std::unique_ptr<Engine> engine_;
  Bell index_due_;  // rung for the indexer
  Bell indexed_;    // after each of the indexer's steps
  std::atomic<bool> is_draining_{false};
  std::atomic<bool> is_stopping_{false};
  std::thread indexer_;
};

}  // namespace thaw
