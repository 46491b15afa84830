#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/blobs/folder_blobs.h"
#include "adapters/files/thaw_csv.h"
#include "adapters/zones/date_zones.h"
#include "application/dispatch/dispatcher.h"
#include "application/rewards/grants.h"
#include "application/rewards/reward_worker.h"
#include "application/settlement/importer.h"
#include "application/settlement/waits.h"
#include "application/timers/clock_guard.h"
#include "application/timers/timer_driver.h"
#include "sim/node/between_ledger.h"
#include "sim/node/sim_clock.h"
#include "sim/node/witness.h"
#include "sim/store/sim_store.h"
#include "sim/workload/world.h"

namespace thaw {

/// What a node is given, and outlives it.
struct NodeParts {
  SimStore& store;
  Points& points;
  const SimClock& clock;
  const World& world;
  Sightings& sightings;
  std::function<void()> between;              // other work, in the middle of a file
  std::function<void(std::string)> complain;  // a promise is broken
  SimStore::Note note;
  std::function<void(const LogRecord&)> read_along = nullptr;  // told of the committed log
};

/// One process of thaw, composed as `app/server` composes it, in one thread that takes its steps in
/// drawn order. It dies with its store.
class Node {
 public:
  Node(const NodeParts& parts, std::uint64_t seed);

  /// What the server does at a start. An error: the store died again.
  Status open();

  /// The door. An error: not answered; the caller sends again.
  Result<Reply> call(const Command& command) { return parts_.store.run(command); }
  std::vector<Result<Reply>> call_all(std::vector<Command> commands) {
    return parts_.store.run_all(std::move(commands));
  }
  Result<ImportResult> upload(const std::string& provider, const std::string& bytes);

  /// One thing of all that the process does of its own accord; false: nothing is due.
  bool step();
  /// Steps one after the other that came to nothing: the disk does not read, for one.
  int failures_in_a_row() const { return failures_in_a_row_; }
  /// When the first of it will be due, rewards not before that instant; nothing: when something is
  /// sent.
  std::optional<Instant> next_due(Instant rewards_from = Instant::min()) const;
  bool is_clock_held() const { return is_clock_held_; }

 private:
  Status configure_providers();
  bool take_turn();
  bool fire_timers();
  void run_timer(const Command& command);
  bool keep_house();

  NodeParts parts_;
  Random random_;
  DateZones zones_;
  ThawCsv csv_;
  std::unique_ptr<FolderBlobs> blobs_;
  BetweenLedger import_ledger_;
  RewardWorker worker_;
  Grants grants_;
  SettlementWaits waits_;
  Witness witness_;
  Dispatcher dispatcher_;
  ClockGuard clock_guard_;
  TimerDriver timers_;
  int failures_in_a_row_ = 0;
  bool has_failed_ = false;  // the present step
  bool is_importing_ = false;
  bool is_clock_held_ = false;
  Instant came_up_at_;
  std::size_t overdue_fired_ = 0;  // in the present step, of those that fell due before that
  Instant house_kept_at_ = Instant::min();
};

}  // namespace thaw
