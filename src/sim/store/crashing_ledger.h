#pragma once

#include "adapters/memory/memory_ledger.h"
#include "base/random.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// The memory ledger, dying before a command's write, or after it and before its answer. Now and
/// then a command is decided, and its repeat, or another message that is due, is written before it:
/// a conflict if they touch the same rows, as on a remote store.
class CrashingLedger final : public SimStore {
 public:
  CrashingLedger(std::function<Instant()> now, std::uint64_t seed, Note note)
      : inner_(std::move(now)), random_(seed), disk_(random_.next()), note_(std::move(note)) {}

  Result<Reply> run(const Command& command) override;
  void read(const std::function<void(StateView&)>& reader) override { inner_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override;

  void set_faults(const StoreFaults& faults) override { faults_ = faults; }
  void set_intruder(std::function<void()> intruder) override { intruder_ = std::move(intruder); }
  bool is_down() const override { return down_; }
  std::string restart() override;
  void kill() override { down_ = true; }
  SimDisk& disk() override { return disk_; }
  std::int64_t crashes() const override { return crashes_; }

 private:
  bool draw_crash();
  Result<Reply> run_against_repeat(const Command& command);
  Result<Reply> run_against_others(const Command& command);

  MemoryLedger inner_;
  Random random_;
  SimDisk disk_;  // of blobs; a faultless one
  Note note_;
  StoreFaults faults_;
  std::function<void()> intruder_;
  bool has_intruder_ = false;  // it is at work: nobody gets in between its own commands
  bool down_ = false;
  std::int64_t crashes_ = 0;
};

}  // namespace thaw
