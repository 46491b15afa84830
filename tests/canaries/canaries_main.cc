// The simulator with bugs planted in it: proves that it finds them. `thaw_canaries` looks for each
// within its number of seeds; `thaw_canaries NAME SEED` shows how one is found.

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "sim/campaign/campaign_sim.h"
#include "tests/canaries/planted.h"

namespace thaw {
namespace {

struct Canary {
  std::string_view name;
  std::string_view breaks;
  SimLedger ledger;
  std::uint64_t seeds;
};

constexpr Canary kCanaries[] = {
#include "canary_list.inc"
};

constexpr std::uint64_t kCleanSeeds = 25;

std::string_view planted;  // the name; empty: none

SimReport run(SimLedger ledger, std::uint64_t seed, bool is_traced) {
  SimOptions options;
  options.ledger = ledger;
  if (is_traced) options.trace = [](const std::string& line) { fmt::print("{}\n", line); };
  return simulate_campaign(seed, options);
}

/// The seed that found it, and what it said; zero: none did.
std::uint64_t find(const Canary& canary, std::string& violation) {
  planted = canary.name;
  for (std::uint64_t seed = 1; seed <= canary.seeds; ++seed) {
    const SimReport report = run(canary.ledger, seed, false);
    if (report.violations.empty()) continue;
    violation = report.violations.front();
    return seed;
  }
  return 0;
}

/// Without a bug nothing may be found, or a find would mean nothing.
bool is_clean() {
  planted = {};
  for (const SimLedger ledger : {SimLedger::memory, SimLedger::engine}) {
    for (std::uint64_t seed = 1; seed <= kCleanSeeds; ++seed) {
      const SimReport report = run(ledger, seed, false);
      if (report.violations.empty()) continue;
      fmt::print("seed {} without a bug: {}\n", seed, report.violations.front());
      return false;
    }
  }
  return true;
}

int look_for_all() {
  int missed = is_clean() ? 0 : 1;
  fmt::print("{:<44} {:>6} {:>6}  found by\n", "planted bug", "seed", "of");
  for (const Canary& canary : kCanaries) {
    std::string violation;
    const std::uint64_t seed = find(canary, violation);
    if (seed == 0) ++missed;
    fmt::print("{:<44} {:>6} {:>6}  {:.100}\n", canary.name, seed == 0 ? "-" : std::to_string(seed),
               canary.seeds, seed == 0 ? "NOT FOUND" : violation);
  }
  return missed == 0 ? 0 : 1;
}

int show_one(std::string_view name, std::uint64_t seed) {
  for (const Canary& canary : kCanaries) {
    if (canary.name != name) continue;
    planted = canary.name;
    fmt::print("{}\n", canary.breaks);
    return run(canary.ledger, seed, true).violations.empty() ? 1 : 0;
  }
  fmt::print("no canary is called {}\n", name);
  return 2;
}

}  // namespace

bool is_planted(const char* name) {
  return planted == name;
}

}  // namespace thaw

int main(int count, char** arguments) {
  if (count < 3) return thaw::look_for_all();
  return thaw::show_one(arguments[1], std::strtoull(arguments[2], nullptr, 10));
}
