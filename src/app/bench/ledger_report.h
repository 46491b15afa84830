#pragma once

#include <iosfwd>
#include <vector>

#include "app/bench/ledger_bench.h"
#include "app/bench/measured.h"

namespace thaw {

/// All that one run has measured.
struct LedgerReport {
  std::vector<Measured> thaw;       // one a group size
  std::vector<Measured> postgres;   // one a setting; empty: not asked for
  double index_bytes = 0;           // on disk at the end
  double restart_seconds = 0;       // of the same folder, some loads not yet in the index
  std::uint64_t restart_loads = 0;  // so many
  std::uint64_t memory_bytes = 0;   // resident, at most, before PostgreSQL's turn
  Latencies reads;                  // of progress, during all of `thaw`
};

/// How many times as many loads a second as PostgreSQL's best with a transaction for each load:
/// thaw's slowest group size. Zero if PostgreSQL was not asked for.
double ratio_to_postgres(const LedgerReport& report);

/// As JSON if the options say so, else as a table.
void print_report(const LedgerBenchOptions& options, LedgerReport& report, std::ostream& out);

}  // namespace thaw
