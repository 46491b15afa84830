#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace thaw {

/// What `thaw bench import` measures: a thaw-csv file of transfers, checked whole, accepted, and
/// every record matched and durable.
struct ImportBenchOptions {
  std::string folder;  // exists and is empty; what is written stays there
  std::uint64_t members = 100'000;
  std::uint64_t records = 300'000;
  bool is_json = false;
  std::uint64_t seed = 1;
};

/// Prints a table, or JSON, to `out` and what is under way to `progress`. The exit code.
int run_import_bench(const ImportBenchOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
