#include "app/bench/import_bench.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <ostream>
#include <thread>

#include "adapters/blobs/folder_blobs.h"
#include "adapters/files/thaw_csv.h"
#include "adapters/zones/date_zones.h"
#include "app/bench/load_source.h"
#include "app/bench/stopwatch.h"
#include "app/server/data_folder.h"
#include "app/server/engine_host.h"
#include "application/settlement/importer.h"
#include "base/random.h"

namespace thaw {
namespace {

constexpr std::size_t kGroup = 4096;

struct Measured {
  double check_seconds = 0;
  double apply_seconds = 0;
  std::int64_t resident_before = 0;  // bytes, the most so far
  std::int64_t resident_after = 0;
  std::int64_t counted = 0;
};

std::int64_t resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

Status enrol_members(Ledger& ledger, std::uint64_t members) {
  std::vector<Command> setup = LoadSource::setup();
  setup.push_back(
      {ConfigureProvider{{ProviderId("bankco"), {Rail::bank_transfer}, {}}}, {}, false, {}});
  for (const Command& command : setup) {
    if (const auto reply = ledger.run(command); !reply) return fail_with(reply);
  }
  const WallClock clock;
  std::vector<Command> group;
  for (std::uint64_t i = 0; i < members; ++i) {
    group.push_back(LoadSource::enrol(i, clock.now() - Duration::hours(20)));
    if (group.size() < kGroup && i + 1 < members) continue;
    for (const auto& reply : ledger.run_all(std::move(group))) {
      if (!reply) return fail_with(reply);
    }
    group.clear();
  }
  return {};
}

/// The file's blob.
Result<std::string> write_file(BlobStore& blobs, const ImportBenchOptions& options) {
  auto writer = blobs.create();
  if (!writer) return fail_with(writer);
  const WallClock clock;
  Random random(options.seed);
  std::string piece = fmt::format("H,thaw-csv,1,bankco,BENCH,{},AUD\n", to_rfc3339(clock.now()));
  const std::string paid_at = to_rfc3339(clock.now() - Duration::hours(1));
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < options.records; ++i) {
    const std::uint64_t minor = 1000 + random.below(20'000);
    sum += minor;
    piece += fmt::format("R,b{:012},payment,bank_transfer,member_id,{},{},{},{},,\n", i,
                         LoadSource::member(random.below(options.members)).text(), minor, paid_at,
                         paid_at);
    if (piece.size() < 1 << 20) continue;
    if (const Status written = (*writer)->write(piece); !written) return fail_with(written);
    piece.clear();
  }
  piece += fmt::format("T,{},{}\n", options.records, sum);
  if (const Status written = (*writer)->write(piece); !written) return fail_with(written);
  return (*writer)->finish();
}

Result<Measured> measure(const ImportBenchOptions& options, EngineHost& host,
                         std::ostream& progress) {
  LaneLedger ledger(host, Lane::import);
  if (const Status done = enrol_members(ledger, options.members); !done) return fail_with(done);
  auto blobs = FolderBlobs::open(host.disk(), kBlobFolder);
  if (!blobs) return fail_with(blobs);
  const auto sha256 = write_file(**blobs, options);
  if (!sha256) return fail_with(sha256);
  progress << fmt::format("{} members enrolled, {} records written\n", options.members,
                          options.records);
  const DateZones zones;
  const ThawCsv csv;
  ProviderFiles files;
  files.id = ProviderId("bankco");
  Importer importer(ledger, **blobs, zones, [](std::string_view text) { return std::string(text); },
                    {&csv}, {files});
  Measured measured;
  measured.resident_before = resident_bytes();
  const Stopwatch checking;
  const auto accepted = importer.accept(files.id, "", *sha256);
  measured.check_seconds = checking.seconds();
  if (!accepted) return fail_with(accepted);
  const auto* file = std::get_if<AcceptedFile>(&*accepted);
  if (!file) return fail(ErrorCode::invalid, std::get<ImportRefusal>(*accepted).fault.detail);
  const Stopwatch applying;
  const auto applied = importer.apply(file->file.id);
  measured.apply_seconds = applying.seconds();
  if (!applied) return fail_with(applied);
  for (const OutcomeCount& count : applied->outcomes) {
    if (count.placed == Placed::counted) measured.counted = count.records;
  }
  measured.resident_after = resident_bytes();
  return measured;
}

void print(const ImportBenchOptions& options, const Measured& measured, std::ostream& out) {
  const auto records = static_cast<double>(options.records);
  const double whole = records / (measured.check_seconds + measured.apply_seconds);
  const std::int64_t grown = (measured.resident_after - measured.resident_before) >> 20;
  if (options.is_json) {
    out << fmt::format(
        R"({{"records":{},"records_per_s":{:.0f},"checked_per_s":{:.0f},"applied_per_s":{:.0f},)"
        R"("counted":{},"resident_grown_mib":{},"resident_max_mib":{},"cores":{}}})"
        "\n",
        options.records, whole, records / measured.check_seconds, records / measured.apply_seconds,
        measured.counted, grown, measured.resident_after >> 20,
        std::thread::hardware_concurrency());
    return;
  }
  out << fmt::format(
      "import: {} records of {} members, thaw-csv, {} cores, one fdatasync a "
      "group\n",
      options.records, options.members, std::thread::hardware_concurrency());
  out << "  records/s  checked/s  applied/s   counted  memory grown, MiB  most, MiB\n";
  out << fmt::format("{:>11.0f} {:>10.0f} {:>10.0f} {:>9} {:>18} {:>10}\n", whole,
                     records / measured.check_seconds, records / measured.apply_seconds,
                     measured.counted, grown, measured.resident_after >> 20);
}

}  // namespace

int run_import_bench(const ImportBenchOptions& options, std::ostream& out, std::ostream& progress) {
  const WallClock clock;
  auto host = EngineHost::open(options.folder, [&clock] { return clock.now(); });
  if (!host) {
    progress << "bench import: " << host.error().detail << '\n';
    return 1;
  }
  (*host)->start([](const Error&) {});
  const auto measured = measure(options, **host, progress);
  if (!measured) progress << "bench import: " << measured.error().detail << '\n';
  if (measured) print(options, *measured, out);
  return (*host)->stop() && measured ? 0 : 1;
}

}  // namespace thaw
