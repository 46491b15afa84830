#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "application/ports/in_flight.h"
#include "application/ports/ledger.h"

namespace thaw {

/// Follows the committed log. `handle` may see a record again after a crash: it must be idempotent
/// by what it does (commands are, by their causes). One thread at a time.
class Consumer {
 public:
  virtual ~Consumer() = default;
  /// Names the durable cursor; never changed.
  virtual const std::string& name() const = 0;
  virtual Status handle(const LogRecord& record) = 0;
};

/// Feeds each consumer the records after its cursor, and moves the cursor after the effect. A
/// consumer that fails is tried again at the next step from where it stands; the others go on.
class Dispatcher {
 public:
  /// `in_flight`: records at work are noted there; null: nowhere.
  Dispatcher(Ledger& ledger, std::vector<Consumer*> consumers, InFlight* in_flight = nullptr);

  /// The item, as it was noted, is not handled: it becomes a dead letter, and the consumer goes on.
  void quarantine(std::string item) { quarantined_.insert(std::move(item)); }

  /// Reads the durable cursors; call once before the first step.
  Status open();
  /// One batch for each consumer. The number of records handled, zero when all are at the log's
  /// end.
  Result<std::size_t> step();

 private:
  static constexpr std::size_t kBatch = 256;
  struct Follower {
    Consumer* consumer;
    std::uint64_t cursor = 0;  // handled
    std::uint64_t saved = 0;   // durable
  };
  Result<std::size_t> feed(Follower& follower);
  bool handle(Follower& follower, const LogRecord& record);
  bool set_aside(const std::string& consumer, const LogRecord& record);

  Ledger& ledger_;
  InFlight* in_flight_;
  std::set<std::string> quarantined_;
  std::vector<Follower> followers_;
};

}  // namespace thaw
