#include "application/engine/engine.h"

#include <algorithm>

#include "application/engine/key_order.h"
#include "domain/dead_letters.h"
#include "domain/decide.h"
#include "domain/keys.h"

namespace thaw {
namespace {

/// Steps of one chain that may run before others get their turn.
constexpr int kChainStepsMax = 10'000;

/// Of a record encoded, about.
std::size_t size_of(const LogRecord& record) {
  constexpr std::size_t kRest = 128;  // of a row, of an event, of the record itself
  std::size_t size = kRest * (1 + record.rows.size() + record.events.size());
  for (const RowWrite& row : record.rows) {
    size += row.key.size() + (row.value ? row.value->size() : 0);
  }
  return size;
}

}  // namespace

/// A group on its way: encoded records, and the answers that wait for the sync.
struct Engine::Group {
  std::vector<std::string> payloads;
  std::vector<Answer> answers;
  std::uint64_t last_sequence = 0;
  Instant last_recorded_at;
  bool is_with_helper = false;
  Status appended;                       // durably; read when `is_through`
  std::atomic<bool> is_through = false;  // appended, or not
};

Engine::Engine(RecordLog& log, Index& index, std::function<Instant()> now, EngineOptions options)
    : log_(log),
      index_(index),
      now_(std::move(now)),
      options_(options),
      lanes_(options.lane_capacity),
      memory_{RowCache(options.member_cache_bytes), KeyFilter(options.identity_filter_bytes)},
      view_(overlay_, index, &memory_),
      old_identities_(options.identity_filter_bytes),
      old_identities_from_(keys::identities()),
      has_old_identities_(false) {}

Result<std::unique_ptr<Engine>> Engine::open(RecordLog& log, Index& index,
                                             std::function<Instant()> now, EngineOptions options) {
  std::unique_ptr<Engine> engine(new Engine(log, index, std::move(now), options));
  if (const Status recovered = engine->recover(); !recovered) return fail_with(recovered);
  return engine;
}

Engine::~Engine() {
  for (const auto& group : sent_) {
    if (group->is_with_helper) options_.helper->wait();
  }
}

Status Engine::recover() {
  constexpr std::size_t kBatch = 4096;
  last_sequence_ = log_.last_sequence();
  if (index_.position() > last_sequence_) {
    return fail(ErrorCode::corrupt, "the index is at " + std::to_string(index_.position()) +
                                        ", beyond the journal's end " +
                                        std::to_string(last_sequence_.load()));
  }
  // The last record is always read: its time is where recorded_at goes on.
  std::uint64_t at = index_.position();
  if (at > 0 && at == last_sequence_) --at;
  while (at < last_sequence_) {
    const auto records = records_after(at, kBatch);
    if (!records) return fail_with(records);
    if (records->empty()) return fail(ErrorCode::corrupt, "the journal ends early");
    RowTable rows;
    for (const LogRecord& record : *records) {
      at = record.sequence;
      last_recorded_at_ms_ = std::max(last_recorded_at_ms_.load(), record.recorded_at.ms);
      if (at <= index_.position()) continue;
      for (const RowWrite& row : record.rows) rows.put(row.key, row.value, at);
    }
    if (at <= index_.position()) continue;
    if (const Status applied = apply_to_index(rows, at); !applied) return applied;
  }
  return {};
}

Status Engine::apply_to_index(const RowTable& rows, std::uint64_t reached) {
  std::vector<IndexWrite> writes;
  writes.reserve(rows.size());
  for (std::size_t number = 0; number < rows.size(); ++number) {
    const TableRow& row = rows.row(number);
    writes.push_back({row.key, row.is_removed() ? std::nullopt : std::optional(row.stored)});
  }
  sort_by_key(writes);
  return index_.apply(writes, reached);
}

bool Engine::submit(Lane lane, Command command, std::function<void(Result<Reply>)> done) {
  auto queued = std::make_unique<QueuedCommand>(std::move(command), std::move(done));
  {
    const std::scoped_lock lock(lanes_mutex_);
    // Under the lock: `die` answers what is in the lanes once, and nothing may come in after it.
    if (!is_dead()) return lanes_.push(lane, std::move(queued));
  }
  queued->done(fail(ErrorCode::unavailable, "the journal failed; restart the server", true));
  return true;
}

bool Engine::has_commands() const {
  const std::scoped_lock lock(lanes_mutex_);
  return !lanes_.is_empty();
}

bool Engine::has_work() const {
  return !sent_.empty() || has_commands();
}

std::size_t Engine::waiting(Lane lane) const {
  const std::scoped_lock lock(lanes_mutex_);
  return lanes_.size(lane);
}

bool Engine::is_overlay_full() const {
  const std::shared_lock lock(overlay_.mutex());
  return overlay_.bytes() >= options_.overlay_bytes_max;
}

bool Engine::is_index_due() const {
  const std::shared_lock lock(overlay_.mutex());
  return overlay_.bytes() >= options_.index_batch_bytes;
}

/// A chain's reply is that of its first command, given when the whole chain is written.
void Engine::decide_command(QueuedCommand& queued, Group& group) {
  std::optional<Reply> reply;
  std::shared_ptr<const Command> next;
  const Command* command = &queued.command;
  for (int step = 0; command && step < kChainStepsMax; ++step) {
    const Instant recorded_at{std::max(group.last_recorded_at, now_())};
    WriteSet set = decide(*command, view_, recorded_at);
    if (view_.error()) return;
    if (!reply) reply = std::move(set.reply);
    if (!set.is_empty()) {
      const std::uint64_t sequence = group.last_sequence + 1;
      group.last_sequence = sequence;
      group.last_recorded_at = recorded_at;
      view_.stage(set.rows, sequence);
      const LogRecord record{sequence, recorded_at, std::move(set.rows), std::move(set.events)};
      group.payloads.push_back(encode(record, size_of(record)));
    }
    next = std::move(set.next);
    command = next.get();
  }
  group.answers.push_back({std::move(queued.done), std::move(*reply)});
}

std::unexpected<Error> Engine::die(Group& group, const Error& error) {
  dead_ = true;
  const auto refuse = [&](const Group& refused) {
    for (const Answer& answer : refused.answers) {
      answer.done(fail(ErrorCode::unavailable, error.detail, true));
    }
  };
  for (; !sent_.empty(); sent_.pop_front()) {
    if (sent_.front()->is_with_helper) options_.helper->wait();
    refuse(*sent_.front());
  }
  refuse(group);
  const std::scoped_lock lock(lanes_mutex_);
  for (const QueuedPtr& queued : lanes_.take(SIZE_MAX)) {
    queued->done(fail(ErrorCode::unavailable, error.detail, true));
  }
  return std::unexpected(error);
}

Result<std::size_t> Engine::write_step(std::size_t most) {
  if (is_dead()) {
    if (const Status finished = finish_until(0); !finished) return fail_with(finished);
    return fail(ErrorCode::unavailable, "the journal failed");
  }
  if (is_overlay_full()) return finish_oldest();
  std::vector<QueuedPtr> taken;
  {
    const std::scoped_lock lock(lanes_mutex_);
    taken = lanes_.take(std::min(most, options_.group_commands_max));
  }
  if (taken.empty()) return finish_oldest();
  take_old_identities();
  auto group = std::make_unique<Group>();
  group->last_sequence = sent_.empty() ? last_sequence_.load() : sent_.back()->last_sequence;
  group->last_recorded_at = sent_.empty() ? last_recorded_at() : sent_.back()->last_recorded_at;
  decide_group(taken, *group);
  const std::size_t left = view_.error() ? 0 : Helper::kWorksMax - 1;
  if (const Status finished = finish_until(left); !finished) {
    return die(*group, finished.error());
  }
  if (view_.error()) return die(*group, *view_.error());
  send(std::move(group));
  if (const Status finished = finish_until(sent_.size()); !finished) return fail_with(finished);
  return taken.size();
}

/// To the disk. A group of refusals too: it is answered from groups that must be durable first.
void Engine::send(std::unique_ptr<Group> group) {
  Group& sent = *sent_.emplace_back(std::move(group));
  view_.send_group();
  // Where nothing is under way or waits, handing the group over would only cost time.
  sent.is_with_helper = options_.helper && (sent_.size() > 1 || has_commands());
  const auto work = [this, &sent] {
    sent.appended = append(sent);
    sent.is_through = true;
  };
  sent.is_with_helper ? options_.helper->begin(work) : work();
}

void Engine::decide_group(std::vector<QueuedPtr>& taken, Group& group) {
  group.answers.reserve(taken.size());
  group.payloads.reserve(taken.size());
  // Only this thread puts rows into the overlay; the indexer's changes wait for the lock.
  const std::shared_lock lock(overlay_.mutex());
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (i % kPrefetchedAtOnce == 0) prefetch_for(memory_, std::span(taken).subspan(i));
    const QueuedPtr& queued = taken[i];
    const auto* timer = std::get_if<FireTimer>(&queued->command.body);
    if (timer && options_.in_flight) {
      options_.in_flight->begin(Worker::timers, make_timer_item(timer->due, timer->window));
    }
    decide_command(*queued, group);
    if (timer && options_.in_flight) options_.in_flight->end(Worker::timers);
    if (!view_.error()) continue;
    for (const QueuedPtr& left : taken) {
      if (left->done) group.answers.push_back({std::move(left->done), {}});
    }
    return;
  }
}

/// By the helper or by the writer, a group after the other; what it touches is the group's and the
/// appender's alone. After a failure nothing more is written: the log would have a hole.
Status Engine::append(const Group& group) {
  if (!appended_ || group.payloads.empty()) return appended_;
  const std::vector<std::string_view> payloads(group.payloads.begin(), group.payloads.end());
  for (const std::string_view payload : payloads) unflushed_bytes_ += payload.size();
  appended_ = log_.append_group(payloads);
  return appended_;
}

/// Waits for the oldest group on its way, if any. Nothing is published or answered before the
/// journal says that it is durable.
Result<std::size_t> Engine::finish_oldest() {
  if (sent_.empty()) return 0;
  if (sent_.front()->is_with_helper) options_.helper->wait();
  const std::unique_ptr<Group> group = std::move(sent_.front());
  sent_.pop_front();
  if (!group->appended) return die(*group, group->appended.error());
  publish(*group);
  for (Answer& answer : group->answers) answer.done(std::move(answer.reply));
  return group->answers.size();
}

/// Waits until at most so many are on their way; finishes those too that need no waiting for.
Status Engine::finish_until(std::size_t left) {
  while (sent_.size() > left || (!sent_.empty() && sent_.front()->is_through)) {
    if (const auto finished = finish_oldest(); !finished) return fail_with(finished);
  }
  return {};
}

void Engine::publish(const Group& group) {
  constexpr std::size_t kAhead = 12;  // rows, so that their misses of the cache overlap
  const RowTable& rows = view_.oldest_sent();
  {
    const std::unique_lock lock(overlay_.mutex());
    for (std::size_t number = 0; number < rows.size(); ++number) {
      if (number + kAhead < rows.size()) overlay_.prefetch(rows.row(number + kAhead));
      overlay_.put(rows.row(number));
    }
    last_sequence_ = group.last_sequence;
    last_recorded_at_ms_ = group.last_recorded_at.ms;
  }
  view_.drop_oldest_sent();
}

Result<std::size_t> Engine::index_step() {
  const RowTable* rows = nullptr;
  std::uint64_t reached = 0;
  {
    const std::unique_lock lock(overlay_.mutex());
    if (overlay_.is_empty()) return 0;
    rows = &overlay_.freeze();
    reached = last_sequence_;
  }
  const std::size_t moved = rows->size();
  if (const Status applied = apply_to_index(*rows, reached); !applied) {
    dead_ = true;
    return fail_with(applied);
  }
  std::unique_ptr<RowTable> shown;
  {
    const std::unique_lock lock(overlay_.mutex());
    shown = overlay_.drop_frozen();
  }
  if (unflushed_bytes_ >= options_.flush_every_bytes) {
    if (const Status flushed = flush_index(); !flushed) return fail_with(flushed);
  }
  return moved;
}

Result<bool> Engine::filter_step() {
  constexpr std::size_t kRows = 16'384;
  if (has_old_identities_) return false;
  const auto rows = index_.scan(keys::identities(), old_identities_from_, kRows);
  if (!rows) return fail_with(rows);
  for (const auto& [key, bytes] : *rows) old_identities_.add(key);
  if (rows->size() == kRows) {
    old_identities_from_ = rows->back().first + '\0';
    return true;
  }
  has_old_identities_ = true;
  return false;
}

/// Identities staged since the start are in the writer's own filter, so that it does not matter
/// which of those the indexer has read.
void Engine::take_old_identities() {
  if (memory_.has_every_identity || !has_old_identities_) return;
  memory_.identities.absorb(std::move(old_identities_));
  memory_.has_every_identity = true;
}

Status Engine::flush_index() {
  unflushed_bytes_ = 0;
  const Status flushed = index_.flush();
  if (!flushed) dead_ = true;
  return flushed;
}

void Engine::read(const std::function<void(StateView&)>& reader) {
  const std::shared_lock lock(overlay_.mutex());
  GroupView view(overlay_, index_);
  reader(view);
}

Result<std::vector<LogRecord>> Engine::records_after(std::uint64_t sequence, std::size_t limit) {
  std::vector<LogRecord> records;
  const std::uint64_t end = last_sequence_;
  if (sequence >= end) return records;
  const auto raw = log_.read_after(sequence, std::min<std::uint64_t>(limit, end - sequence));
  if (!raw) return fail_with(raw);
  for (const auto& [number, payload] : *raw) {
    auto record = decode<LogRecord>(payload);
    if (!record || record->sequence != number) {
      return fail(ErrorCode::corrupt, "journal record " + std::to_string(number));
    }
    records.push_back(std::move(*record));
  }
  return records;
}

}  // namespace thaw
