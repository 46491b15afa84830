#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace thaw {

/// What `thaw bench ledger` measures: loads reported by webhook, each durable before its answer.
struct LedgerBenchOptions {
  std::string folder;        // exists and is empty, or is_prepared; what is written stays there
  bool is_prepared = false;  // an earlier run left members and loads before, as many, in it
  std::uint64_t members = 100'000;                  // enrolled; each load is of one drawn evenly
  std::uint64_t loads = 500'000;                    // measured, for each group size
  std::uint64_t loads_before = 0;                   // on disk before anything is measured
  std::vector<std::size_t> groups{64, 1024, 8192};  // loads that one sync makes durable
  std::size_t member_cache_mib = 256;               // rows of members that the writer keeps
  std::size_t readers = 0;     // threads that read progress meanwhile, each every millisecond
  bool with_postgres = false;  // the same work by PostgreSQL, in the same run
  std::uint64_t postgres_loads = 50'000;
  std::vector<std::size_t> postgres_connections{8, 16, 32};
  std::string postgres_programs = "/usr/lib/postgresql/15/bin";  // Debian's place
  bool is_json = false;
  std::uint64_t seed = 1;
};

/// Measures PostgreSQL, then enrols the members and measures each group size and a restart. Prints
/// a table, or JSON, to `out` and what is under way to `progress`. The exit code of the command: 0,
/// or 1 if something failed, said on `progress`. Makes a thread for the index.
int run_ledger_bench(const LedgerBenchOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
