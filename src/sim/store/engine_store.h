#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "adapters/memory/memory_index.h"
#include "application/engine/journal_log.h"
#include "application/engine/stepped_ledger.h"
#include "base/random.h"
#include "sim/disk/late_helper.h"
#include "sim/disk/sim_disk.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// The real engine over the real journal, on a disk that drops, tears and reorders what was not
/// synced, fails, fills up, and lies after a failed sync. It dies between any two calls of the
/// disk, while it recovers too: of a kill, which leaves the page cache, or of a power cut, which
/// does not. The index loses all since its last flush. Bytes changed at rest must be noticed, and
/// writes that went elsewhere: then somebody puts them right, as from a mirror of the disk.
class EngineStore final : public SimStore {
 public:
  EngineStore(std::function<Instant()> now, std::uint64_t seed, Note note);

  Result<Reply> run(const Command& command) override;
  std::vector<Result<Reply>> run_all(std::vector<Command> commands) override;
  void read(const std::function<void(StateView&)>& reader) override { engine_->read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override;

  void set_faults(const StoreFaults& faults) override;
  bool is_down() const override { return down_; }
  std::string restart() override;
  void kill() override { die(); }
  SimDisk& disk() override { return disk_; }
  std::int64_t crashes() const override { return crashes_; }
  std::optional<std::uint64_t> take_backup() override;
  bool restore_backup() override;

 private:
  Status start();
  void die();
  void note_death();
  void fall();
  std::string check_after_start();
  bool is_mended(const Error& error);
  bool has_lost_last_frame();
  std::string look_for_damage();
  void keep_index();

  std::function<Instant()> now_;
  Random random_;
  Note note_;
  StoreFaults faults_;
  SimDisk disk_;
  std::unique_ptr<MemoryIndex> index_ = std::make_unique<MemoryIndex>();
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  LateHelper helper_;
  std::unique_ptr<Engine> engine_;
  std::uint64_t acknowledged_ = 0;  // sequence up to which somebody was answered
  std::optional<SimDisk::Image> backup_;
  std::uint64_t backup_sequence_ = 0;
  bool down_ = false;
  std::int64_t crashes_ = 0;
};

}  // namespace thaw
