#include "sim/campaign/engine_store.h"

#include "base/check.h"

namespace thaw {
namespace {

constexpr std::uint64_t kCallsOfACommand = 4;
constexpr std::uint64_t kCallsOfAStart = 20;
constexpr int kStartsMax = 10;
constexpr std::size_t kGroupCommandsMax = 3;  // so that some groups are decided beside a sync

}  // namespace

EngineStore::EngineStore(std::function<Instant()> now, std::uint64_t seed)
    : now_(std::move(now)), random_(seed), disk_(random_.next()) {
  CHECK(start());
}

bool EngineStore::start() {
  JournalOptions options;
  options.segment_bytes = 256 << 10;
  options.reserve_bytes = 0;
  options.floor_sequence = index_.durable_position();
  auto journal = Journal::open(disk_, options);
  if (!journal) return false;
  auto log = std::make_unique<JournalLog>(**journal);
  EngineOptions engine_options;
  engine_options.group_commands_max = kGroupCommandsMax;
  engine_options.helper = &helper_;
  auto engine = Engine::open(*log, index_, now_, engine_options);
  if (!engine) return false;
  engine_ = std::move(*engine);
  log_ = std::move(log);
  journal_ = std::move(*journal);
  return true;
}

bool EngineStore::restart() {
  for (int attempt = 0; attempt < kStartsMax; ++attempt) {
    disk_.cut_power_at_call(0);
    if (random_.chance(1, 2) && disk_.has_power()) {
      disk_.restart();
    } else {
      disk_.crash();
    }
    index_.lose_unflushed();
    // The last attempt is left in peace: by then it must come up.
    const bool is_disturbed = attempt + 1 < kStartsMax && random_.chance(crashes_per_thousand, 100);
    if (is_disturbed) disk_.cut_power_at_call(1 + random_.below(kCallsOfAStart));
    if (start()) {
      down_ = !disk_.has_power();
      if (!down_) disk_.cut_power_at_call(0);
      if (!down_) return true;
    }
    if (disk_.has_power()) return false;
    ++crashes_;
  }
  return false;
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
  if (random_.chance(crashes_per_thousand, 500)) {
    disk_.cut_power_at_call(1 + random_.below(kCallsOfACommand));
  }
  auto replies = SteppedLedger(*engine_).run_all(std::move(commands));
  if (disk_.has_power() && !engine_->is_dead()) keep_index();
  if (!disk_.has_power() || engine_->is_dead()) {
    down_ = true;
    ++crashes_;
  }
  return replies;
}

Result<std::vector<LogRecord>> EngineStore::records_after(std::uint64_t sequence,
                                                          std::size_t limit) {
  if (down_) return fail(ErrorCode::unavailable, "down", true);
  auto records = engine_->records_after(sequence, limit);
  if (!disk_.has_power()) {
    down_ = true;
    ++crashes_;
  }
  return records;
}

}  // namespace thaw
