// The simulator with bugs planted in it: proves that it finds them. `thaw_canaries` looks for each
// within its number of seeds; `thaw_canaries NAME SEED` shows how one is found. Exit codes: 1 a bug
// was not found, 2 it was asked for wrongly.

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <span>
#include <string>
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

int refuse(const std::string& what) {
  fmt::print(stderr, "{}\nusage: ./dev canaries [NAME SEED]\n", what);
  return 2;
}

/// The whole text is a number that fits; nothing if not.
std::optional<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(seed) : std::nullopt;
}

int show_one(std::string_view name, std::uint64_t seed) {
  for (const Canary& canary : kCanaries) {
    if (canary.name != name) continue;
    planted = canary.name;
    fmt::print("{}\n", canary.breaks);
    return run(canary.ledger, seed, true).violations.empty() ? 1 : 0;
  }
  return refuse(fmt::format("no canary is called {}", name));
}

int look(std::span<char*> arguments) {
  if (arguments.empty()) return look_for_all();
  if (arguments.size() != 2) return refuse("give a NAME and a SEED, or neither");
  const auto seed = parse_seed(arguments[1]);
  if (!seed) return refuse(fmt::format("'{}' is no seed: give a number", arguments[1]));
  return show_one(arguments[0], *seed);
}

}  // namespace

bool is_planted(const char* name) {
  return planted == name;
}

}  // namespace thaw

int main(int count, char** arguments) {
  return thaw::look({arguments + 1, static_cast<std::size_t>(count - 1)});
}
