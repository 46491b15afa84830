#pragma once

#include "adapters/memory/memory_ledger.h"
#include "base/random.h"
#include "sim/campaign/sim_store.h"

namespace thaw {

/// The memory ledger, dying before a command's write, or after it and before its answer.
class CrashingLedger final : public SimStore {
 public:
  CrashingLedger(std::function<Instant()> now, std::uint64_t seed)
      : inner_(std::move(now)), random_(seed) {}

  Result<Reply> run(const Command& command) override;
  void read(const std::function<void(StateView&)>& reader) override { inner_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override;

  bool is_down() const override { return down_; }
  bool restart() override {
    down_ = false;
    return true;
  }
  std::int64_t crashes() const override { return crashes_; }

 private:
  bool draw_crash();

  MemoryLedger inner_;
  Random random_;
  bool down_ = false;
  std::int64_t crashes_ = 0;
};

}  // namespace thaw
