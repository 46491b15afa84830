#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace thaw {

struct SimulateOptions {
  std::optional<std::uint64_t> seed;  // of the only run, or the first
  std::optional<std::uint64_t> seeds;
  std::int64_t ticks = 0;  // stop after so many; zero: when the seeds are done
  std::int64_t hours = 0;  // likewise, of real time
  std::size_t members = 12;
  std::string ledger = "engine";  // engine, memory
  std::string commit;             // of the tree, named beside a seed that fails
  bool is_traced = false;
  bool minimises = false;
  bool is_json = false;
};

/// Runs seeded campaigns until one breaks a promise, or the given end. One seed alone is traced.
/// An exit code: 0 every promise held, 3 one was broken or a state was never reached.
int run_simulate(const SimulateOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
