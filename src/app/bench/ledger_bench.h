#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace thaw {

/// What `thaw bench ledger` measures: loads reported by webhook, each durable before its answer.
struct LedgerBenchOptions {
  std::string folder;  // exists and is empty; what is written stays there
  std::uint64_t members = 100'000;
  std::uint64_t loads = 300'000;                    // measured, for each group size
  std::uint64_t loads_before = 0;                   // on disk before anything is measured
  std::vector<std::size_t> groups{64, 1024, 8192};  // loads that one sync makes durable
  bool with_postgres = false;                       // the same work by PostgreSQL, in the same run
  bool is_json = false;
  std::uint64_t seed = 1;
};

/// Enrols the members, then measures each group size. Prints a table, or JSON, to `out` and what is
/// under way to `progress`. The exit code of the command: 0, or 1 if something failed, said on
/// `progress`.
int run_ledger_bench(const LedgerBenchOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
