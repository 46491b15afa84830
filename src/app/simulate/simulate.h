#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sim/campaign/campaign_sim.h"

namespace thaw {

/// How many seeds are run if nothing says when to end.
inline constexpr std::int64_t kSeedsByDefault = 100;
inline constexpr std::int64_t kMembersByDefault = 12;

struct SimulateOptions {
  std::optional<std::uint64_t> seed;  // of the only run, or the first
  // When to end; one of them, or none. With a seed and none of them: after that one.
  std::optional<std::int64_t> seeds;
  std::optional<std::int64_t> ticks;  // after so many
  std::optional<std::int64_t> hours;  // of real time
  std::int64_t members = kMembersByDefault;
  // A smaller world, as `minimises` finds it; of one seed alone.
  std::vector<std::int64_t> without_members;  // 0 is M0
  std::vector<std::uint64_t> only;            // messages, by their ids; empty: all
  std::string ledger = "engine";              // engine, memory
  std::string commit;                         // of the tree, named beside a seed that fails
  bool is_traced = false;
  bool minimises = false;
  bool is_json = false;
};

/// What the options ask for that cannot be, and what to do about it; nothing: they are right.
std::optional<std::string> find_fault(const SimulateOptions& options);

/// Runs one seed; `simulate_campaign`, or what a test has in its place.
using RunCampaign = std::function<SimReport(std::uint64_t seed, const SimOptions& options)>;

/// Runs seeded campaigns until one breaks a promise, or the given end. One seed alone is traced,
/// unless JSON is asked for. `options` have no fault.
/// An exit code: 0 every promise held, 3 one was broken or a state was never reached.
int run_simulate(const SimulateOptions& options, std::ostream& out, std::ostream& progress,
                 const RunCampaign& run_campaign = simulate_campaign);

}  // namespace thaw
