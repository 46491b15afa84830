#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "adapters/memory/memory_index.h"
#include "application/engine/journal_log.h"
#include "application/engine/stepped_ledger.h"
#include "sim/disk/late_helper.h"
#include "sim/disk/sim_disk.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// The engine over the journal on a given disk; it dies of nothing but that disk.
class PlainStore final : public SimStore {
 public:
  PlainStore(SimDisk& disk, MemoryIndex& index) : disk_(disk), index_(index) {}

  Status open(std::function<Instant()> now) {
    JournalOptions options;
    options.segment_bytes = 16 << 10;
    options.reserve_bytes = 0;
    options.floor_sequence = index_.durable_position();
    auto journal = Journal::open(disk_, options);
    if (!journal) return fail_with(journal);
    journal_ = std::move(*journal);
    log_ = std::make_unique<JournalLog>(*journal_);
    EngineOptions engine_options;
    engine_options.helper = &helper_;
    auto engine = Engine::open(*log_, index_, std::move(now), engine_options);
    if (!engine) return fail_with(engine);
    engine_ = std::move(*engine);
    return {};
  }
  /// A stop in order.
  Status close() {
    while (true) {
      const auto moved = engine_->index_step();
      if (!moved) return fail_with(moved);
      if (*moved == 0) break;
    }
    if (const Status flushed = engine_->flush_index(); !flushed) return flushed;
    return journal_->close();
  }
  Engine& engine() { return *engine_; }

  Result<Reply> run(const Command& command) override {
    return std::move(run_all({command}).front());
  }
  std::vector<Result<Reply>> run_all(std::vector<Command> commands) override {
    return SteppedLedger(*engine_).run_all(std::move(commands));
  }
  void read(const std::function<void(StateView&)>& reader) override { engine_->read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override {
    return engine_->records_after(sequence, limit);
  }
  void set_faults(const StoreFaults&) override {}
  bool is_down() const override { return !engine_ || engine_->is_dead(); }
  std::string restart() override { return "a new one is made instead"; }
  void kill() override { engine_.reset(); }
  SimDisk& disk() override { return disk_; }
  std::int64_t crashes() const override { return 0; }

 private:
  SimDisk& disk_;
  MemoryIndex& index_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  LateHelper helper_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace thaw
