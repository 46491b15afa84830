#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "adapters/disk/data_lock.h"
#include "adapters/disk/in_flight_file.h"
#include "adapters/disk/posix_disk.h"
#include "adapters/rocksdb/rocksdb_index.h"
#include "app/server/bell.h"
#include "app/server/helper_thread.h"
#include "application/engine/engine.h"
#include "application/engine/journal_log.h"
#include "application/ports/ledger.h"

namespace thaw {

/// The embedded engine on a data folder, with its threads: writer, syncer and indexer. Everything
/// but `start` and `stop` may be called from any thread.
class EngineHost {
 public:
  /// Takes the folder's lock, recovers, serves nothing yet. Errors: locked, corrupt, unsupported,
  /// no_space, io.
  static Result<std::unique_ptr<EngineHost>> open(const std::string& folder,
                                                  std::function<Instant()> now);
  ~EngineHost();

  /// `on_failure` is called once, on the writer's or indexer's thread, when the engine has died:
  /// the process must end.
  void start(std::function<void(const Error&)> on_failure);
  /// Writes what waits, makes the index durable, marks the journal as cleanly ended.
  Status stop();

  /// False: the lane is full. `done` comes on the writer's thread, once the outcome is durable.
  bool submit(Lane lane, Command command, std::function<void(Result<Reply>)> done);
  void read(const std::function<void(StateView&)>& reader) { engine_->read(reader); }
  Engine& engine() { return *engine_; }
  Disk& disk() { return *disk_; }
  InFlightFile& in_flight() { return *in_flight_; }
  JournalHead journal_head() const { return journal_->head(); }
  /// False: the disk had no room for it, perhaps since an operator has given it up.
  bool has_reserve() const { return has_reserve_; }
  std::size_t segment_count() const { return journal_->segments().size(); }
  /// Rung after each durable group.
  const Bell& committed() const { return committed_; }

 private:
  EngineHost() = default;
  void write_until_stopped();
  void index_until_stopped();
  void fail_once(const Error& error);

  std::unique_ptr<DataLock> lock_;
  std::unique_ptr<PosixDisk> disk_;
  std::unique_ptr<InFlightFile> in_flight_;
  std::unique_ptr<RocksDbIndex> index_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  HelperThread syncer_;
  std::unique_ptr<Engine> engine_;
  std::function<void(const Error&)> on_failure_;
  bool has_reserve_ = false;
  std::atomic<bool> has_failed_{false};
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> is_writer_done_{false};
  Bell work_;
  Bell committed_;
  Bell index_due_;
  std::thread writer_;
  std::thread indexer_;
};

/// The engine as a Ledger whose calls block until the outcome is durable, all through one lane.
class LaneLedger final : public Ledger {
 public:
  LaneLedger(EngineHost& host, Lane lane) : host_(host), lane_(lane) {}

  Result<Reply> run(const Command& command) override;
  std::vector<Result<Reply>> run_all(std::vector<Command> commands) override;
  std::function<std::vector<Result<Reply>>()> start_all(std::vector<Command> commands) override;
  void read(const std::function<void(StateView&)>& reader) override { host_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override {
    return host_.engine().records_after(sequence, limit);
  }

 private:
  EngineHost& host_;
  const Lane lane_;
};

}  // namespace thaw
