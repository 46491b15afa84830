#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// One committed command: the unit of the log.
struct LogRecord {
  std::uint64_t sequence = 0;  // 1, 2, 3, … without gaps
  Instant recorded_at;
  std::vector<RowWrite> rows;
  std::vector<Event> events;
};
template <typename Archive>
void describe(Archive& ar, LogRecord& r) {
  ar(r.sequence, r.recorded_at, r.rows, r.events);
}

/// The one door to durable state.
class Ledger {
 public:
  virtual ~Ledger() = default;

  /// Carries out a command and the chain that it may begin: reads, decides, writes once, durably.
  /// The reply is that of the first command, given when the chain is complete, is the business
  /// outcome; an Error means that the outcome is unknown until the same command is run again. Calls
  /// are serialised by the implementation; the memory ledger is for one thread.
  virtual Result<Reply> run(const Command& command) = 0;

  /// Runs commands one after the other, with one wait for durability where the store can; the
  /// results are in the commands' order.
  virtual std::vector<Result<Reply>> run_all(std::vector<Command> commands) {
    std::vector<Result<Reply>> replies;
    replies.reserve(commands.size());
    for (const Command& command : commands) replies.push_back(run(command));
    return replies;
  }

  /// As run_all, but returns once the commands have their place: what it returned waits for the
  /// results and may be called once. A store that cannot do that runs them first.
  virtual std::function<std::vector<Result<Reply>>()> start_all(std::vector<Command> commands) {
    return [replies = run_all(std::move(commands))]() mutable { return std::move(replies); };
  }

  /// A consistent view of what is durable, for the length of the call. Used for reads only.
  virtual void read(const std::function<void(StateView&)>& reader) = 0;

  /// Committed records after `sequence`, oldest first, at most `limit`.
  virtual Result<std::vector<LogRecord>> records_after(std::uint64_t sequence,
                                                       std::size_t limit) = 0;
};

}  // namespace thaw
