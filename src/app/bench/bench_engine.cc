#include "app/bench/bench_engine.h"

#include "app/bench/stopwatch.h"
#include "app/server/thread_turns.h"

namespace thaw {
namespace {

constexpr Duration kLongest = Duration::milliseconds(100);  // that a bell is waited for

}  // namespace

Result<std::unique_ptr<BenchEngine>> BenchEngine::open(const std::string& folder,
                                                       std::size_t member_cache_bytes) {
  std::unique_ptr<BenchEngine> bench(new BenchEngine());
  auto disk = PosixDisk::open(folder);
  if (!disk) return fail_with(disk);
  bench->disk_ = std::move(*disk);
  auto journal = Journal::open(*bench->disk_, {});
  if (!journal) return fail_with(journal);
  bench->journal_ = std::move(*journal);
  bench->log_ = std::make_unique<JournalLog>(*bench->journal_);
  auto index = RocksDbIndex::open(folder + "/index", {.on_merging_thread = give_way});
  if (!index) return fail_with(index);
  bench->index_ = std::move(*index);
  EngineOptions options;
  options.group_commands_max = options.lane_capacity;
  options.member_cache_bytes = member_cache_bytes;
  options.lane_capacity *= kOpenGroups;
  options.helper = &bench->syncer_;
  auto engine = Engine::open(
      *bench->log_, *bench->index_, [self = bench.get()] { return self->now_; }, options);
  if (!engine) return fail_with(engine);
  bench->engine_ = std::move(*engine);
  bench->indexer_ = std::thread([self = bench.get()] { self->index_until_stopped(); });
  return bench;
}

BenchEngine::~BenchEngine() {
  is_stopping_ = true;
  index_due_.ring();
  if (indexer_.joinable()) indexer_.join();
}

void BenchEngine::index_until_stopped() {
  give_way();
  while (!is_stopping_) {
    const std::uint64_t seen = index_due_.rings();
    const auto has_more = engine_->filter_step();
    if (!has_more) return;
    if (!engine_->is_index_due() && !is_draining_) {
      if (!*has_more) index_due_.wait_beyond(seen, kLongest);
      continue;
    }
    const auto moved = engine_->index_step();
    indexed_.ring();
    if (!moved) return;  // the engine is dead, which the writer finds
    if (*moved == 0) index_due_.wait_beyond(seen, kLongest);
  }
}

void BenchEngine::take_answer(OpenGroup& group, const Result<Reply>& reply) {
  if (!reply) outcome_ = fail_with(reply);
  if (reply && !is_success(reply->code)) {
    outcome_ = fail(ErrorCode::invalid, std::string(to_string(reply->code)));
  }
  if (++group.answered == group.count && group.latencies) {
    group.latencies->add_ns(group.watch.ns(), group.count);
  }
}

Status BenchEngine::run_group(std::vector<Command> commands, Latencies* latencies) {
  now_ = now_ + Duration{1};
  OpenGroup& group = open_.emplace_back(commands.size(), 0, latencies);
  for (Command& command : commands) {
    const bool is_taken =
        engine_->submit(Lane::requests, std::move(command),
                        [this, &group](Result<Reply> reply) { take_answer(group, reply); });
    if (!is_taken) return fail(ErrorCode::invalid, "the groups are larger than the lane");
  }
  return open_.size() < kOpenGroups ? outcome_ : write_group();
}

/// A step of the writer, with a group of the size that is under way.
Status BenchEngine::write_group() {
  const std::uint64_t seen = indexed_.rings();
  const auto written = engine_->write_step(open_.front().count);
  if (!written) return fail_with(written);
  if (*written == 0) indexed_.wait_beyond(seen, kLongest);  // the overlay is full
  while (!open_.empty() && open_.front().answered == open_.front().count) open_.pop_front();
  if (engine_->is_index_due()) index_due_.ring();
  return outcome_;
}

Status BenchEngine::finish_groups() {
  while (!open_.empty()) {
    if (const Status written = write_group(); !written) return written;
  }
  return outcome_;
}

Status BenchEngine::drain() {
  if (const Status finished = finish_groups(); !finished) return finished;
  is_draining_ = true;
  while (index_->position() < engine_->last_sequence()) {
    const std::uint64_t seen = indexed_.rings();
    if (engine_->is_dead()) return fail(ErrorCode::unavailable, "the engine is dead");
    index_due_.ring();
    if (index_->position() < engine_->last_sequence()) indexed_.wait_beyond(seen, kLongest);
  }
  is_draining_ = false;
  return {};
}

}  // namespace thaw
