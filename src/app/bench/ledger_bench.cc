#include "app/bench/ledger_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "app/bench/bench_engine.h"
#include "app/bench/ledger_report.h"
#include "app/bench/load_source.h"
#include "app/bench/postgres_loads.h"
#include "app/bench/postgres_server.h"
#include "app/bench/progress_readers.h"
#include "app/bench/stopwatch.h"

namespace thaw {
namespace {

constexpr std::size_t kPreparingGroup = 4096;
constexpr std::size_t kBatchedTransaction = 64;
constexpr std::uint64_t kLoadsToReplay = 50'000;

Status enrol_members(BenchEngine& engine, const LoadSource& source) {
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
  measured.name = "thaw";
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
  if (const Status finished = engine.finish_groups(); !finished) return fail_with(finished);
  measured.seconds = watch.seconds();
  measured.writer_ns = thread_processor_ns() - writer_before;
  if (const Status drained = engine.drain(); !drained) return fail_with(drained);
  measured.process_ns = process_processor_ns() - process_before;
  measured.journal_bytes = engine.journal_bytes() - bytes_before;
  return measured;
}

double bytes_in(const std::string& folder) {
  double bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) bytes += static_cast<double>(entry.file_size(error));
  }
  return bytes;
}

/// As after a kill: what the index lacks is replayed from the journal.
Status measure_restart(const LedgerBenchOptions& options, std::unique_ptr<BenchEngine> engine,
                       LoadSource& source, LedgerReport& report) {
  report.restart_loads = std::min(options.loads, kLoadsToReplay);
  for (std::uint64_t done = 0; done < report.restart_loads;) {
    std::vector<Command> commands;
    for (; commands.size() < kPreparingGroup && done < report.restart_loads; ++done) {
      commands.push_back({source.next_load(engine->now()), {}, false, {}});
    }
    if (const Status ran = engine->run_group(std::move(commands), nullptr); !ran) return ran;
  }
  if (const Status finished = engine->finish_groups(); !finished) return finished;
  engine.reset();
  const Stopwatch watch;
  const auto opened = BenchEngine::open(options.folder, options.member_cache_mib << 20);
  if (!opened) return fail_with(opened);
  report.restart_seconds = watch.seconds();
  return {};
}

/// Members and loads before. Where they are there, enrolling again changes nothing, and brings the
/// rows of members into the writer's memory, where loads before had brought them.
Status prepare(const LedgerBenchOptions& options, BenchEngine& engine, LoadSource& source,
               std::ostream& progress) {
  const Stopwatch enrolling;
  if (!options.is_prepared) {
    if (const Status done = engine.run_group(LoadSource::setup(), nullptr); !done) return done;
  }
  if (const Status done = enrol_members(engine, source); !done) return done;
  progress << fmt::format("{} members enrolled in {:.1f} s", options.members, enrolling.seconds())
           << std::endl;
  if (options.is_prepared || options.loads_before == 0) return {};
  const auto before = run_loads(engine, source, options.loads_before, kPreparingGroup);
  if (!before) return fail_with(before);
  progress << fmt::format("{} loads before in {:.1f} s", before->loads, before->seconds)
           << std::endl;
  return {};
}

Status measure_thaw(const LedgerBenchOptions& options, std::ostream& progress,
                    LedgerReport& report) {
  auto opened = BenchEngine::open(options.folder, options.member_cache_mib << 20);
  if (!opened) return fail_with(opened);
  BenchEngine& engine = **opened;
  // Another seed for each run in a folder: no load comes twice.
  LoadSource source(options.members, options.seed + engine.journal_bytes());
  if (const Status done = prepare(options, engine, source, progress); !done) return done;
  ProgressReaders readers(engine, options.members, options.readers, options.seed);
  for (const std::size_t group : options.groups) {
    auto measured = run_loads(engine, source, options.loads, group);
    if (!measured) return fail_with(measured);
    report.thaw.push_back(std::move(*measured));
  }
  ProgressReaders::Reads reads = readers.stop();
  if (reads.missed > 0) return fail(ErrorCode::corrupt, "a reader found no member");
  report.reads = std::move(reads.latencies);
  report.index_bytes = bytes_in(options.folder + "/index");
  report.memory_bytes = process_memory_bytes_max();
  return measure_restart(options, std::move(*opened), source, report);
}

Status measure_server(const LedgerBenchOptions& options, const std::string& folder,
                      std::ostream& progress, LedgerReport& report) {
  const auto server = PostgresServer::start(options.postgres_programs, folder);
  if (!server) return fail_with(server);
  const std::string connection = (*server)->connection();
  const Stopwatch preparing;
  const std::uint64_t loads_each = options.loads_before / options.members;
  const Status made = prepare_postgres(connection, options.members, loads_each);
  if (!made) return made;
  progress << fmt::format("PostgreSQL has its members and {} loads before in {:.1f} s",
                          loads_each * options.members, preparing.seconds())
           << std::endl;
  LoadSource source(options.members, options.seed);
  const auto measure = [&](PostgresLoadOptions load_options) -> Status {
    auto measured = run_postgres_loads(connection, source, options.postgres_loads, load_options);
    if (!measured) return fail_with(measured);
    report.postgres.push_back(std::move(*measured));
    return {};
  };
  for (const std::size_t connections : options.postgres_connections) {
    const Status done = measure({.connections = connections});
    if (!done) return done;
  }
  // Not the same promise: all loads of a transaction fail together. Shown for comparison.
  return measure({.connections = 4, .loads_per_transaction = kBatchedTransaction, .in_flight = 2});
}

/// Leaves nothing behind: what is measured next has the disk and the memory to itself.
Status measure_postgres(const LedgerBenchOptions& options, std::ostream& progress,
                        LedgerReport& report) {
  const std::string folder = options.folder + "/postgres";
  const Status done = measure_server(options, folder, progress, report);
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (done && error) return fail(ErrorCode::io, folder + " cannot be removed");
  return done;
}

}  // namespace

int run_ledger_bench(const LedgerBenchOptions& options, std::ostream& out, std::ostream& progress) {
  LedgerReport report;
  // PostgreSQL first: it gives all its memory back when it stops, and thaw does not.
  Status done = options.with_postgres ? measure_postgres(options, progress, report) : Status{};
  if (done) done = measure_thaw(options, progress, report);
  // What was measured before something failed took long enough to be shown.
  if (done || !report.postgres.empty()) print_report(options, report, out);
  if (done) return 0;
  progress << "bench ledger: " << done.error().detail << std::endl;
  return 1;
}

}  // namespace thaw
