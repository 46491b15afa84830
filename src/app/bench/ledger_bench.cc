#include "app/bench/ledger_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <thread>

#include "app/bench/bench_engine.h"
#include "app/bench/load_source.h"
#include "app/bench/stopwatch.h"

namespace thaw {
namespace {

constexpr std::size_t kPreparingGroup = 4096;

/// What one setting came to.
struct Measured {
  std::size_t group = 0;
  double seconds = 0;
  std::uint64_t loads = 0;
  std::uint64_t journal_bytes = 0;
  std::int64_t writer_ns = 0;   // processor time of the writer's thread
  std::int64_t process_ns = 0;  // of all threads, until the index had caught up
  Latencies latencies;

  double per_second() const { return static_cast<double>(loads) / seconds; }
};

Status enrol_members(BenchEngine& engine, const LoadSource& source) {
  if (const Status done = engine.run_group(LoadSource::setup(), nullptr); !done) return done;
  for (std::uint64_t next = 0; next < source.members();) {
    std::vector<Command> group;
    while (group.size() < kPreparingGroup && next < source.members()) {
      group.push_back(LoadSource::enrol(next++, engine.now()));
    }
    if (const Status done = engine.run_group(std::move(group), nullptr); !done) return done;
  }
  return engine.drain();
}

Result<Measured> run_loads(BenchEngine& engine, LoadSource& source, std::uint64_t loads,
                           std::size_t group) {
  Measured measured;
  measured.group = group;
  measured.loads = loads;
  measured.latencies.reserve(loads);
  const std::uint64_t bytes_before = engine.journal_bytes();
  const std::int64_t writer_before = thread_processor_ns();
  const std::int64_t process_before = process_processor_ns();
  const Stopwatch watch;
  for (std::uint64_t done = 0; done < loads;) {
    std::vector<Command> commands;
    commands.reserve(group);
    for (; commands.size() < group && done < loads; ++done) {
      commands.push_back({source.next_load(engine.now()), {}, false, {}});
    }
    const Status ran = engine.run_group(std::move(commands), &measured.latencies);
    if (!ran) return fail_with(ran);
  }
  measured.seconds = watch.seconds();
  measured.writer_ns = thread_processor_ns() - writer_before;
  if (const Status drained = engine.drain(); !drained) return fail_with(drained);
  measured.process_ns = process_processor_ns() - process_before;
  measured.journal_bytes = engine.journal_bytes() - bytes_before;
  return measured;
}

void print_row(Measured& measured, std::ostream& out) {
  Latencies& l = measured.latencies;
  const auto each = [&](auto total) {
    return static_cast<double>(total) / static_cast<double>(measured.loads);
  };
  out << fmt::format(
      "{:>7} {:>10.0f} {:>8.2f} {:>8.2f} {:>8.2f} {:>8.2f} {:>8.0f} {:>8.2f} {:>8.2f}\n",
      measured.group, measured.per_second(), l.at_per_mille(500), l.at_per_mille(990),
      l.at_per_mille(999), l.at_per_mille(1000), each(measured.journal_bytes),
      each(measured.writer_ns) / 1e3, each(measured.process_ns) / 1e3);
}

Status run(const LedgerBenchOptions& options, std::ostream& out, std::ostream& progress) {
  auto opened = BenchEngine::open(options.folder);
  if (!opened) return fail_with(opened);
  BenchEngine& engine = **opened;
  LoadSource source(options.members, options.seed);
  Stopwatch enrolling;
  if (const Status done = enrol_members(engine, source); !done) return done;
  progress << fmt::format("{} members enrolled in {:.1f} s\n", options.members,
                          enrolling.seconds());
  if (options.loads_before > 0) {
    const auto before = run_loads(engine, source, options.loads_before, kPreparingGroup);
    if (!before) return fail_with(before);
    progress << fmt::format("{} loads before in {:.1f} s\n", before->loads, before->seconds);
  }
  out << "  group    loads/s   p50 ms   p99 ms p99.9 ms   max ms   B/load   wr us  all us\n";
  for (const std::size_t group : options.groups) {
    auto measured = run_loads(engine, source, options.loads, group);
    if (!measured) return fail_with(measured);
    print_row(*measured, out);
  }
  return {};
}

}  // namespace

int run_ledger_bench(const LedgerBenchOptions& options, std::ostream& out, std::ostream& progress) {
  const Status done = run(options, out, progress);
  if (done) return 0;
  progress << "bench ledger: " << done.error().detail << '\n';
  return 1;
}

}  // namespace thaw
