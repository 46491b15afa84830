#include "sim/store/engine_store.h"

#include <fmt/format.h>

#include "base/check.h"
#include "sim/store/damage_trial.h"

namespace thaw {
namespace {

constexpr std::uint64_t kCallsOfACommand = 4;
constexpr std::uint64_t kCallsOfAStart = 20;
constexpr int kStartsMax = 12;
constexpr int kCalmStarts = 4;                // the last ones: by then it must come up
constexpr std::size_t kGroupCommandsMax = 3;  // so that some groups are decided beside a sync
constexpr std::uint64_t kSegmentBytes = 32 << 10;

JournalOptions make_options(const MemoryIndex& index) {
  JournalOptions options;
  options.segment_bytes = kSegmentBytes;
  options.reserve_bytes = 0;
  options.floor_sequence = index.durable_position();
  return options;
}

}  // namespace

EngineStore::EngineStore(std::function<Instant()> now, std::uint64_t seed, Note note)
    : now_(std::move(now)), random_(seed), note_(std::move(note)), disk_(random_.next()) {
  CHECK(start());
}

Status EngineStore::start() {
  auto journal = Journal::open(disk_, make_options(*index_));
  if (!journal) return fail_with(journal);
  auto log = std::make_unique<JournalLog>(**journal);
  EngineOptions engine_options;
  engine_options.group_commands_max = kGroupCommandsMax;
  engine_options.helper = &helper_;
  // Small ones are made anew at each start in no time, and are full now and then.
  engine_options.member_cache_bytes = 16 << 10;
  engine_options.identity_filter_bytes = 1 << 20;
  auto engine = Engine::open(*log, *index_, now_, engine_options);
  if (!engine) return fail_with(engine);
  if (!(*journal)->recovered_cut().empty()) note_("torn last frame cut off");
  engine_ = std::move(*engine);
  log_ = std::move(log);
  journal_ = std::move(*journal);
  return {};
}

void EngineStore::set_faults(const StoreFaults& faults) {
  faults_ = faults;
  disk_.set_faults(faults.disk);
  if (faults.disk.misdirected_write == 0 && disk_.is_misdirected()) note_death();
}

void EngineStore::note_death() {
  if (down_) return;
  down_ = true;
  ++crashes_;
}

void EngineStore::die() {
  note_death();
}

/// The process is gone: of a kill, or of a power cut.
void EngineStore::fall() {
  disk_.cut_power_at_call(0);
  if (random_.chance(1, 2) && disk_.has_power()) {
    disk_.restart();
  } else {
    disk_.crash();
  }
  if (index_->durable_position() < index_->position()) note_("index lost since its last flush");
  index_->lose_unflushed();
}

std::string EngineStore::restart() {
  for (int attempt = 0; attempt < kStartsMax; ++attempt) {
    fall();
    if (std::string found = look_for_damage(); !found.empty()) return found;
    const bool is_calm = attempt + kCalmStarts >= kStartsMax;
    if (is_calm) disk_.set_faults({});
    if (!is_calm && random_.chance(faults_.crashes_per_thousand, 100)) {
      disk_.cut_power_at_call(1 + random_.below(kCallsOfAStart));
    }
    const auto mirror =
        disk_.is_misdirected() ? std::optional(disk_.take_mended_image()) : std::nullopt;
    const Status started = start();
    if (started && disk_.has_power()) {
      if (!mirror || !has_lost_last_frame()) return check_after_start();
      disk_.load_image(*mirror);
      continue;
    }
    if (!started && is_mended(started.error())) continue;
    if (!started && started.error().code == ErrorCode::corrupt) {
      return "after a crash: " + started.error().detail;
    }
    note_("died while it recovered");
    ++crashes_;
  }
  return "it did not come up again";
}

std::string EngineStore::check_after_start() {
  disk_.cut_power_at_call(0);
  disk_.set_faults(faults_.disk);
  down_ = false;
  if (engine_->last_sequence() < acknowledged_) {
    return fmt::format("record {} was acknowledged, the journal ends at {}", acknowledged_,
                       engine_->last_sequence());
  }
  return {};
}

/// A write that went elsewhere has hit the last frame. Nothing tells that from a frame half
/// written: it is cut off, and whoever has the mirror puts it right.
bool EngineStore::has_lost_last_frame() {
  const std::uint64_t last = engine_->last_sequence();
  if (last >= acknowledged_ || acknowledged_ - last > kGroupCommandsMax) return false;
  if (journal_->recovered_cut().empty()) return false;
  note_("misdirected write took the last frame");
  return true;
}

/// What a start or a read called corrupt because a write had gone elsewhere is put right.
bool EngineStore::is_mended(const Error& error) {
  if (error.code != ErrorCode::corrupt || !disk_.is_misdirected()) return false;
  note_("misdirected write noticed");
  disk_.mend();
  return true;
}

/// Between two lives, on a copy of the disk. Once faults have ended somebody looks at the whole
/// folder, and puts right what went elsewhere and was not noticed.
std::string EngineStore::look_for_damage() {
  if (disk_.is_misdirected()) {
    if (faults_.disk.misdirected_write > 0) return {};
    const SimDisk::Image damaged = disk_.take_image();
    disk_.mend();
    DamageTrial trial(make_options(*index_), disk_.take_image(), random_.next());
    std::string found = trial.judge(damaged);
    if (trial.is_named()) note_("misdirected write noticed");
    return found;
  }
  if (!random_.chance(faults_.damage_per_hundred, 300)) return {};
  DamageTrial trial(make_options(*index_), disk_.take_image(), random_.next());
  std::string found = trial.flip();
  if (trial.is_named()) note_("damaged byte named");
  return found;
}

/// The indexer's turns, drawn.
void EngineStore::keep_index() {
  if (random_.chance(1, 20)) (void)engine_->index_step();
  if (random_.chance(1, 10)) (void)engine_->filter_step();
  if (random_.chance(1, 300)) (void)engine_->flush_index();
}

Result<Reply> EngineStore::run(const Command& command) {
  return std::move(run_all({command}).front());
}

std::vector<Result<Reply>> EngineStore::run_all(std::vector<Command> commands) {
  const Error down{ErrorCode::unavailable, "down", true};
  if (down_) return std::vector<Result<Reply>>(commands.size(), std::unexpected(down));
  if (random_.chance(faults_.crashes_per_thousand, 500)) {
    disk_.cut_power_at_call(1 + random_.below(kCallsOfACommand));
  }
  auto replies = SteppedLedger(*engine_).run_all(std::move(commands));
  for (const auto& reply : replies) {
    if (reply) acknowledged_ = engine_->last_sequence();
  }
  if (disk_.has_power() && !engine_->is_dead()) keep_index();
  if (!disk_.has_power() || engine_->is_dead()) note_death();
  return replies;
}

Result<std::vector<LogRecord>> EngineStore::records_after(std::uint64_t sequence,
                                                          std::size_t limit) {
  if (down_) return fail(ErrorCode::unavailable, "down", true);
  auto records = engine_->records_after(sequence, limit);
  if (!records && is_mended(records.error())) note_death();
  if (!disk_.has_power()) note_death();
  return records;
}

std::optional<std::uint64_t> EngineStore::take_backup() {
  if (down_ || engine_->has_work()) return std::nullopt;
  if (disk_.is_misdirected()) return std::nullopt;  // it is verified first
  backup_ = disk_.take_image();
  backup_sequence_ = engine_->last_sequence();
  return backup_sequence_;
}

bool EngineStore::restore_backup() {
  if (!backup_) return false;
  note_death();
  disk_.crash();
  disk_.load_image(*backup_);
  backup_.reset();
  index_ = std::make_unique<MemoryIndex>();
  acknowledged_ = backup_sequence_;
  return true;
}

}  // namespace thaw
