#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/campaign/window_ends.h"
#include "sim/workload/world.h"

namespace thaw {

/// What keeps the durable state: the memory ledger, which is quick and has conflicts, or the real
/// engine over a simulated disk.
enum class SimLedger { memory, engine };

struct SimOptions {
  SimLedger ledger = SimLedger::engine;
  WorldOptions world;
  std::function<void(const std::string&)> trace;  // a line of what happens; null: nobody reads it
};

/// What one seed came to.
struct SimReport {
  std::uint64_t seed = 0;
  std::vector<std::string> violations;  // empty: all promises held
  std::set<std::string> reached;        // `sometimes` points
  std::uint64_t log_hash = 0;           // the same on every compiler
  std::int64_t ticks = 0;               // steps of the process and deliveries
  std::int64_t windows = 0;
  WindowEnds ends;                      // each of the windows, once
  std::int64_t verdicts_unchecked = 0;  // due in time that a restore took away
  std::int64_t lines = 0;
  std::int64_t records = 0;
  std::int64_t crashes = 0;
  std::int64_t disk_faults = 0;
  std::int64_t mail_faults = 0;
  std::int64_t partner_faults = 0;

  std::int64_t faults() const { return crashes + disk_faults + mail_faults + partner_faults; }
};

/// Runs one seeded campaign: SPEC's promises against what really happened.
SimReport simulate_campaign(std::uint64_t seed, const SimOptions& options);

/// The states which a campaign of many seeds must have reached, or it proved too little.
const std::vector<std::string>& required_points(SimLedger ledger);

}  // namespace thaw
