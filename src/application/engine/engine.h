#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "application/engine/group_view.h"
#include "application/engine/lanes.h"
#include "application/engine/overlay.h"
#include "application/ports/helper.h"
#include "application/ports/in_flight.h"
#include "application/ports/ledger.h"
#include "application/ports/record_log.h"

namespace thaw {

struct EngineOptions {
  std::size_t group_commands_max = 1024;
  std::size_t lane_capacity = 8192;
  std::size_t overlay_bytes_max = 384ULL << 20;
  std::size_t member_cache_bytes = 256ULL << 20;     // rows of members, for the writer
  std::size_t identity_filter_bytes = 256ULL << 20;  // 170 M identities; more are looked up
  std::size_t index_batch_bytes = 128ULL << 20;      // of overlay
  std::size_t flush_every_bytes = 64ULL << 20;  // of journal, written to the index without a flush
  InFlight* in_flight = nullptr;                // timers at work are noted here; null: nowhere
  Helper* helper = nullptr;  // appends beside the writer; null: the writer does, and waits
};

/// The embedded engine (DESIGN §2): one writer over one journal, the index behind it.
/// `submit`, `read` and `records_after` may be called from any thread; `write_step` from one
/// thread, `index_step` from one thread. After a failed write or sync the engine is dead: it
/// answers every command with an error and the process must exit.
class Engine {
 public:
  /// Brings the index up to the journal's end, by the rows in the records alone. `now` is the wall
  /// (or manual) clock; recorded_at never goes back behind it.
  static Result<std::unique_ptr<Engine>> open(RecordLog& log, Index& index,
                                              std::function<Instant()> now, EngineOptions options);

  ~Engine();

  /// False if the lane is full. `done` is called once, on the writer's thread.
  bool submit(Lane lane, Command command, std::function<void(Result<Reply>)> done);

  /// Decides and writes a group of at most so many commands, and answers what is durable by then.
  /// With a helper, two groups may be on their way to the disk while the next is decided: their
  /// answers are left to later steps. The number of commands taken or answered, zero if there is
  /// nothing to do (or the overlay is full); an error once the engine is dead.
  Result<std::size_t> write_step(std::size_t most = SIZE_MAX);
  /// Moves what the overlay holds into the index. The number of rows moved. Many rows at once cost
  /// the index less: best called when `is_index_due`, or after some seconds without.
  Result<std::size_t> index_step();
  /// Reads some of the identities that the index had at the start into the filter that spares the
  /// writer most looks at it; slower until then. True while more are left. For the indexer's
  /// thread.
  Result<bool> filter_step();
  /// Makes the index durable up to the journal's end, so that the next start has nothing to replay.
  Status flush_index();

  void read(const std::function<void(StateView&)>& reader);
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit);

  std::uint64_t last_sequence() const { return last_sequence_.load(); }
  Instant last_recorded_at() const { return Instant{last_recorded_at_ms_.load()}; }
  bool is_dead() const { return dead_.load(); }
  /// True while the overlay is at its limit: the writer waits for the indexer.
  bool is_overlay_full() const;
  /// True if the overlay holds rows enough for an index step.
  bool is_index_due() const;
  std::size_t waiting(Lane lane) const;
  std::size_t lane_capacity() const { return options_.lane_capacity; }
  /// True while commands wait, or a group is on its way. For the writer's thread.
  bool has_work() const;

 private:
  struct Answer {
    std::function<void(Result<Reply>)> done;
    Reply reply;
  };
  struct Group;

  Engine(RecordLog& log, Index& index, std::function<Instant()> now, EngineOptions options);
  Status recover();
  Status apply_to_index(const RowTable& rows, std::uint64_t reached);
  void decide_command(QueuedCommand& queued, Group& group);
  void decide_group(std::vector<QueuedPtr>& taken, Group& group);
  bool has_commands() const;
  void send(std::unique_ptr<Group> group);
  Status append(const Group& group);
  Result<std::size_t> finish_oldest();
  Status finish_until(std::size_t left);
  void publish(const Group& group);
  void take_old_identities();
  std::unexpected<Error> die(Group& group, const Error& error);

  RecordLog& log_;
  Index& index_;
  std::function<Instant()> now_;
  EngineOptions options_;
  mutable std::mutex lanes_mutex_;
  Lanes lanes_;
  Overlay overlay_;
  WriterMemory memory_;  // the writer's, as the view is
  GroupView view_;
  KeyFilter old_identities_;                 // of the index; the indexer's until they are all there
  std::string old_identities_from_;          // where reading them goes on
  std::atomic<bool> has_old_identities_;     // then they are the writer's
  std::deque<std::unique_ptr<Group>> sent_;  // decided, and on their way to the disk; oldest first
  Status appended_;                          // of the log: the appender's, who stops at a failure
  std::atomic<std::uint64_t> last_sequence_{0};
  std::atomic<std::int64_t> last_recorded_at_ms_{Instant::min().ms};
  std::atomic<bool> dead_{false};
  std::atomic<std::size_t> unflushed_bytes_{0};
};

}  // namespace thaw
