#include "app/server/engine_host.h"

#include <condition_variable>
#include <mutex>

#include "adapters/clock/clock.h"
#include "app/server/data_folder.h"
#include "app/server/thread_turns.h"
#include "application/journal/reserve.h"

namespace thaw {
namespace {

constexpr Duration kIdleWait = Duration::seconds(1);
constexpr Duration kFlushEvery = Duration::seconds(60);
constexpr Duration kFullWait = Duration::milliseconds(2);

/// Replies to a batch of commands, in their order; the caller sleeps until all have come.
class Replies {
 public:
  explicit Replies(std::size_t count) : replies_(count), left_(count) {}

  void put(std::size_t at, Result<Reply> reply) {
    const std::scoped_lock lock(mutex_);
    replies_[at] = std::move(reply);
    if (--left_ == 0) all_here_.notify_all();
  }
  std::vector<Result<Reply>> take() {
    std::unique_lock lock(mutex_);
    all_here_.wait(lock, [&] { return left_ == 0; });
    return std::move(replies_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_here_;
  std::vector<Result<Reply>> replies_;
  std::size_t left_;
};

}  // namespace

Result<std::unique_ptr<EngineHost>> EngineHost::open(const std::string& folder,
                                                     std::function<Instant()> now) {
  auto opened = open_data_folder(folder);
  if (!opened) return fail_with(opened);
  std::unique_ptr<EngineHost> host(new EngineHost());
  host->lock_ = std::move(opened->lock);
  host->disk_ = std::move(opened->disk);
  auto index = RocksDbIndex::open(folder + "/" + kIndexFolder, {.on_merging_thread = give_way});
  if (!index) return fail_with(index);
  host->index_ = std::move(*index);
  JournalOptions options;
  options.folder = kJournalFolder;
  options.floor_sequence = host->index_->durable_position();
  auto journal = Journal::open(*host->disk_, options);
  if (!journal) return fail_with(journal);
  host->journal_ = std::move(*journal);
  host->log_ = std::make_unique<JournalLog>(*host->journal_);
  auto in_flight = InFlightFile::open(folder + "/" + kInFlightFile);
  if (!in_flight) return fail_with(in_flight);
  host->in_flight_ = std::move(*in_flight);
  EngineOptions engine_options;
  engine_options.in_flight = host->in_flight_.get();
  engine_options.helper = &host->syncer_;
  auto engine = Engine::open(*host->log_, *host->index_, std::move(now), engine_options);
  if (!engine) return fail_with(engine);
  host->engine_ = std::move(*engine);
  const Status reserved = make_reserve(*host->disk_, options);
  if (!reserved && reserved.error().code != ErrorCode::no_space) return fail_with(reserved);
  host->has_reserve_ = reserved.has_value();
  return host;
}

EngineHost::~EngineHost() {
  is_stopping_ = true;
  work_.ring();
  if (writer_.joinable()) writer_.join();
  index_due_.ring();
  if (indexer_.joinable()) indexer_.join();
}

void EngineHost::start(std::function<void(const Error&)> on_failure) {
  on_failure_ = std::move(on_failure);
  writer_ = std::thread([this] {
    write_until_stopped();
    is_writer_done_ = true;
  });
  indexer_ = std::thread([this] { index_until_stopped(); });
}

bool EngineHost::submit(Lane lane, Command command, std::function<void(Result<Reply>)> done) {
  const bool is_taken = engine_->submit(lane, std::move(command), std::move(done));
  if (is_taken) work_.ring();
  return is_taken;
}

void EngineHost::write_until_stopped() {
  for (;;) {
    const std::uint64_t seen = work_.rings();
    const auto written = engine_->write_step();
    if (!written) return fail_once(written.error());
    if (*written > 0) {
      committed_.ring();
      if (engine_->is_index_due()) index_due_.ring();
    } else if (engine_->has_work()) {
      work_.wait_beyond(seen, kFullWait);  // the overlay is full: the indexer is at it
    } else if (is_stopping_) {
      return;
    } else {
      work_.wait_beyond(seen, kIdleWait);
    }
  }
}

/// Many rows at once cost the index less, so it waits for many; but not for ever, since what the
/// overlay holds is replayed after a crash.
void EngineHost::index_until_stopped() {
  give_way();
  std::int64_t flushed_at = monotonic_ms();
  while (!is_writer_done_) {
    const std::uint64_t seen = index_due_.rings();
    const auto has_more = engine_->filter_step();
    if (!has_more) return fail_once(has_more.error());
    if (*has_more && !engine_->is_index_due()) continue;
    if (!engine_->is_index_due()) index_due_.wait_beyond(seen, kIdleWait);
    if (const auto moved = engine_->index_step(); !moved) return fail_once(moved.error());
    if (monotonic_ms() < flushed_at + kFlushEvery.ms) continue;
    flushed_at = monotonic_ms();
    if (const Status flushed = engine_->flush_index(); !flushed) return fail_once(flushed.error());
  }
}

void EngineHost::fail_once(const Error& error) {
  if (!has_failed_.exchange(true) && on_failure_) on_failure_(error);
}

Status EngineHost::stop() {
  is_stopping_ = true;
  work_.ring();
  if (writer_.joinable()) writer_.join();
  index_due_.ring();
  if (indexer_.joinable()) indexer_.join();
  if (engine_->is_dead()) return fail(ErrorCode::io, "the engine had failed");
  if (const auto moved = engine_->index_step(); !moved) return fail_with(moved);
  if (const Status flushed = engine_->flush_index(); !flushed) return flushed;
  return journal_->close();
}

Result<Reply> LaneLedger::run(const Command& command) {
  return std::move(run_all({command}).front());
}

std::vector<Result<Reply>> LaneLedger::run_all(std::vector<Command> commands) {
  return start_all(std::move(commands))();
}

std::function<std::vector<Result<Reply>>()> LaneLedger::start_all(std::vector<Command> commands) {
  const auto replies = std::make_shared<Replies>(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto done = [replies, i](Result<Reply> reply) { replies->put(i, std::move(reply)); };
    // Callers of this face are few and wait for their answers: a full lane holds them up only.
    for (;;) {
      const std::uint64_t seen = host_.committed().rings();
      if (host_.submit(lane_, commands[i], done)) break;
      host_.committed().wait_beyond(seen, kFullWait);
    }
  }
  return [replies] { return replies->take(); };
}

}  // namespace thaw
