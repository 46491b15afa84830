#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace thaw {

/// What `thaw bench http` measures: signed webhook loads over real connections to a server in this
/// process, each durable before its answer. Open loop: each request has its moment, whatever became
/// of those before, and its latency counts from that moment.
struct HttpBenchOptions {
  std::string folder;  // exists and is empty; what is written stays there
  std::uint64_t members = 10'000;
  std::uint64_t rate = 10'000;  // loads a second that are asked for
  std::uint64_t seconds = 10;
  std::uint64_t events = 1;  // in one request
  std::size_t connections = 64;
  bool is_json = false;
  std::uint64_t seed = 1;
};

/// Prints a table, or JSON, to `out` and what is under way to `progress`. The exit code.
int run_http_bench(const HttpBenchOptions& options, std::ostream& out, std::ostream& progress);

}  // namespace thaw
