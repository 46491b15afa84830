#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace thaw {

struct DemoOptions {
  std::filesystem::path folder;  // made, or wiped if an earlier demo left it; else refused
  std::size_t members = 10'000;
  std::uint64_t seed = 1;
  bool keep_serving = false;  // both processes stay up when the demo is over
  bool json = false;          // the result as JSON
  std::string program;        // this binary, to start `serve` and `loyalty-sandbox`
};

/// A whole campaign month on a manual clock: real processes, signed HTTP requests, files on disk,
/// all drawn from a seed; two kill -9. Every verdict, total and issue is compared with what the
/// members' true lives lead to, worked out apart from the domain. Exit codes of SPEC §3.3: 0 all is
/// as it must be, 1 the demo could not run, 3 a discrepancy was found. Blocks its thread; starts
/// threads and two processes of its own, and ends them but for `keep_serving`.
int run_demo(const DemoOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
