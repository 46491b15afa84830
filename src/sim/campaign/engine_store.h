#pragma once

#include <functional>
#include <memory>

#include "adapters/memory/memory_index.h"
#include "application/engine/journal_log.h"
#include "application/engine/stepped_ledger.h"
#include "base/random.h"
#include "sim/campaign/sim_store.h"
#include "sim/disk/late_helper.h"
#include "sim/disk/sim_disk.h"

namespace thaw {

/// The real engine over the real journal, on a disk that drops, tears and reorders what was not
/// synced. It dies between any two calls of the disk, while it recovers too: of a kill, which
/// leaves the page cache, or of a power cut, which does not. The index loses all since its last
/// flush.
class EngineStore final : public SimStore {
 public:
  EngineStore(std::function<Instant()> now, std::uint64_t seed);

  Result<Reply> run(const Command& command) override;
  std::vector<Result<Reply>> run_all(std::vector<Command> commands) override;
  void read(const std::function<void(StateView&)>& reader) override { engine_->read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override;

  bool is_down() const override { return down_; }
  bool restart() override;
  std::int64_t crashes() const override { return crashes_; }

 private:
  bool start();
  void keep_index();

  std::function<Instant()> now_;
  Random random_;
  SimDisk disk_;
  MemoryIndex index_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  LateHelper helper_;
  std::unique_ptr<Engine> engine_;
  bool down_ = false;
  std::int64_t crashes_ = 0;
};

}  // namespace thaw
