#include "app/bench/ledger_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <thread>

#include "adapters/json/json.h"

namespace thaw {
namespace {

constexpr const char* kColumns = "{:<28} {:>7} {:>10} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8}\n";

std::string decimals(double value, int digits) {
  return fmt::format("{:.{}f}", value, digits);
}

void print_row(Measured& measured, std::ostream& out) {
  const bool is_ours = measured.journal_bytes > 0;
  const auto us = [&](std::int64_t ns) {
    return is_ours ? decimals(measured.each(static_cast<std::uint64_t>(ns)) / 1e3, 2) : "";
  };
  Latencies& l = measured.latencies;
  out << fmt::format(fmt::runtime(kColumns), measured.name, measured.group,
                     decimals(measured.per_second(), 0), decimals(l.at_per_mille(500), 2),
                     decimals(l.at_per_mille(990), 2), decimals(l.at_per_mille(999), 2),
                     decimals(l.at_per_mille(1000), 2),
                     is_ours ? decimals(measured.each(measured.journal_bytes), 0) : "",
                     us(measured.writer_ns), us(measured.process_ns));
}

Json to_json(Measured& measured) {
  const auto whole = [](double value) {
    return Json(static_cast<std::int64_t>(std::llround(value)));
  };
  Latencies& l = measured.latencies;
  Json json = Json::object();
  json.set("name", measured.name)
      .set("group", whole(static_cast<double>(measured.group)))
      .set("loads", whole(static_cast<double>(measured.loads)))
      .set("loads_per_s", whole(measured.per_second()));
  json.set("p50_us", whole(l.at_per_mille(500) * 1e3))
      .set("p99_us", whole(l.at_per_mille(990) * 1e3))
      .set("p999_us", whole(l.at_per_mille(999) * 1e3))
      .set("max_us", whole(l.at_per_mille(1000) * 1e3));
  if (measured.journal_bytes == 0) return json;
  json.set("journal_bytes_per_load", whole(measured.each(measured.journal_bytes)))
      .set("writer_ns_per_load",
           whole(static_cast<double>(measured.writer_ns) / static_cast<double>(measured.loads)))
      .set("process_ns_per_load",
           whole(static_cast<double>(measured.process_ns) / static_cast<double>(measured.loads)));
  return json;
}

void print_json(const LedgerBenchOptions& options, LedgerReport& report, std::ostream& out) {
  const auto whole = [](std::uint64_t value) { return Json(static_cast<std::int64_t>(value)); };
  Json json = Json::object();
  json.set("bench", "ledger")
      .set("cores", whole(std::thread::hardware_concurrency()))
      .set("sync", "fdatasync")
      .set("members", whole(options.members))
      .set("loads_before", whole(options.loads_before))
      .set("member_cache_bytes", whole(options.member_cache_mib << 20))
      .set("memory_bytes", whole(report.memory_bytes))
      .set("restart_ms",
           Json(static_cast<std::int64_t>(std::llround(1e3 * report.restart_seconds))))
      .set("restart_loads", whole(report.restart_loads))
      .set("index_bytes", Json(static_cast<std::int64_t>(report.index_bytes)));
  if (options.readers > 0) {
    json.set("readers", whole(options.readers)).set("reads", whole(report.reads.count()));
    const auto us = [&](unsigned per_mille) {
      return whole(static_cast<std::uint64_t>(report.reads.at_per_mille(per_mille) * 1e3));
    };
    json.set("read_p50_us", us(500)).set("read_p99_us", us(990));
  }
  Json thaw = Json::array();
  for (Measured& measured : report.thaw) thaw.push(to_json(measured));
  json.set("thaw", thaw);
  if (!report.postgres.empty()) {
    Json postgres = Json::array();
    for (Measured& measured : report.postgres) postgres.push(to_json(measured));
    json.set("postgres", postgres);
    json.set("ratio_percent",
             Json(static_cast<std::int64_t>(std::llround(100 * ratio_to_postgres(report)))));
  }
  out << json.dump() << '\n';
}

}  // namespace

double ratio_to_postgres(const LedgerReport& report) {
  double theirs = 0;
  for (const Measured& measured : report.postgres) {
    if (measured.group == 1) theirs = std::max(theirs, measured.per_second());
  }
  if (theirs <= 0 || report.thaw.empty()) return 0;
  double ours = report.thaw.front().per_second();
  for (const Measured& measured : report.thaw) ours = std::min(ours, measured.per_second());
  return ours / theirs;
}

void print_report(const LedgerBenchOptions& options, LedgerReport& report, std::ostream& out) {
  if (options.is_json) return print_json(options, report, out);
  out << fmt::format("{} members, {} loads before, {} cores, fdatasync, index {:.2f} GB\n",
                     options.members, options.loads_before, std::thread::hardware_concurrency(),
                     report.index_bytes / 1e9);
  out << fmt::format(fmt::runtime(kColumns), "", "group", "loads/s", "p50 ms", "p99 ms", "p99.9 ms",
                     "max ms", "B/load", "wr us", "cpu us");
  for (Measured& measured : report.thaw) print_row(measured, out);
  out << fmt::format(
      "{} MiB resident at most, {} of them for members; restart {:.2f} s, {} loads replayed\n",
      report.memory_bytes >> 20, options.member_cache_mib, report.restart_seconds,
      report.restart_loads);
  if (options.readers > 0) {
    Latencies& reads = report.reads;
    out << fmt::format(
        "{} reads of progress by {} threads: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n",
        reads.count(), options.readers, reads.at_per_mille(500), reads.at_per_mille(990),
        reads.at_per_mille(1000));
  }
  for (Measured& measured : report.postgres) print_row(measured, out);
  if (report.postgres.empty()) return;
  out << fmt::format("thaw's slowest to PostgreSQL's best, a transaction a load: {:.1f}\n",
                     ratio_to_postgres(report));
}

}  // namespace thaw
