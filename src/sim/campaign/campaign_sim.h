#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sim/campaign/population.h"
#include "sim/campaign/sim_points.h"

namespace thaw {

/// What one seed came to.
struct SimReport {
  std::uint64_t seed = 0;
  std::vector<std::string> violations;  // empty: all promises held
  std::set<std::string> reached;        // `sometimes` points
  std::uint64_t log_hash = 0;           // the same on every compiler
  std::int64_t members = 0;
  std::int64_t qualified = 0;
  std::int64_t records = 0;
  std::int64_t crashes = 0;
};

/// What keeps the durable state: the memory ledger, which is quick, or the real engine over a
/// simulated disk.
enum class SimLedger { memory, engine };

/// Runs one seeded campaign: SPEC's promise against the ground truth.
SimReport simulate_campaign(std::uint64_t seed, std::size_t members, SimLedger kind);

/// The states which a run of many seeds must have reached, or it proved too little.
const std::vector<std::string>& required_points();

}  // namespace thaw
