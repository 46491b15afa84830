#include "app/bench/timers_bench.h"

#include <fmt/format.h>

#include <ostream>
#include <thread>

#include "app/bench/latencies.h"
#include "app/bench/load_source.h"
#include "app/bench/stopwatch.h"
#include "app/server/effects.h"

namespace thaw {
namespace {

constexpr Duration kHerdWindow = Duration::days(1);
constexpr std::size_t kGroup = 4096;
constexpr Duration kPatience = Duration::seconds(60);

Command make_command(CommandBody body) {
  return {std::move(body), {}, false, {}};
}

/// The campaign of the herd: windows of one day, entered almost a day ago.
Status publish_herd(Ledger& ledger) {
  CampaignRules rules;
  rules.id = CampaignId("herd");
  rules.name = "herd";
  rules.currency = *Currency::parse("AUD");
  rules.threshold = Minor::of(50'000);
  rules.points = 2'000;
  rules.rails = {Rail::apple_pay};
  rules.window = kHerdWindow;
  for (Command command :
       {make_command(DraftCampaign{rules}), make_command(PublishCampaign{rules.id})}) {
    if (const auto reply = ledger.run(command); !reply) return fail_with(reply);
  }
  return {};
}

Status run_group(Ledger& ledger, std::vector<Command>& group) {
  for (const auto& reply : ledger.run_all(std::move(group))) {
    if (!reply) return fail_with(reply);
    if (!reply->enrolment) return fail(ErrorCode::invalid, reply->detail);
  }
  group.clear();
  return {};
}

Status enrol_outstanding(Ledger& ledger, std::uint64_t count) {
  for (const Command& command : LoadSource::setup()) {
    if (const auto reply = ledger.run(command); !reply) return fail_with(reply);
  }
  const WallClock clock;
  std::vector<Command> group;
  for (std::uint64_t i = 0; i < count; ++i) {
    group.push_back(LoadSource::enrol(i, clock.now()));
    if (group.size() < kGroup && i + 1 < count) continue;
    if (const Status done = run_group(ledger, group); !done) return done;
  }
  return {};
}

/// Windows that end within the second after `first_end`.
Status enrol_herd(Ledger& ledger, std::uint64_t count, Instant first_end) {
  std::vector<Command> group;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto within = static_cast<std::int64_t>(i * 1000 / count);
    const Instant enrolled_at = first_end + Duration::milliseconds(within) - kHerdWindow;
    group.push_back(make_command(Enrol{CampaignId("herd"),
                                       MemberId(fmt::format("h-{}", i)),
                                       enrolled_at,
                                       {},
                                       fmt::format("{:064x}", i)}));
    if (group.size() < kGroup && i + 1 < count) continue;
    if (const Status done = run_group(ledger, group); !done) return done;
  }
  return {};
}

struct Tally {
  Latencies lags;
  std::uint64_t early = 0;
};

/// Notes how late each window of the herd ended.
void tally_record(const LogRecord& record, Tally& tally) {
  for (const Event& event : record.events) {
    const auto parts = parse_window_id(event.window.text());
    if (event.type != EventType::window_ended || !parts) continue;
    if (parts->campaign != CampaignId("herd")) continue;
    const Duration lag = record.recorded_at - (parts->enrolled_at + kHerdWindow);
    if (lag < Duration{}) ++tally.early;
    tally.lags.add_ns(lag.ms * 1'000'000);
  }
}

/// Follows the log until the herd has been fired, or patience is over.
Result<Tally> follow(EngineHost& host, std::uint64_t from, std::uint64_t herd, Instant until) {
  Tally tally;
  const WallClock clock;
  while (tally.lags.count() < herd && clock.now() < until) {
    const std::uint64_t seen = host.committed().rings();
    const auto records = host.engine().records_after(from, 1024);
    if (!records) return fail_with(records);
    for (const LogRecord& record : *records) {
      from = record.sequence;
      tally_record(record, tally);
    }
    if (records->empty()) host.committed().wait_beyond(seen, Duration::milliseconds(100));
  }
  return tally;
}

void print(const TimersBenchOptions& options, Tally& tally, std::ostream& out) {
  Latencies& l = tally.lags;
  if (options.is_json) {
    out << fmt::format(
        R"({{"outstanding":{},"herd":{},"fired":{},"early":{},"p50_ms":{:.0f},"p99_ms":{:.0f},)"
        R"("p999_ms":{:.0f},"max_ms":{:.0f},"cores":{}}})"
        "\n",
        options.outstanding, options.herd, l.count(), tally.early, l.at_per_mille(500),
        l.at_per_mille(990), l.at_per_mille(999), l.at_per_mille(1000),
        std::thread::hardware_concurrency());
    return;
  }
  out << fmt::format(
      "timers: {} outstanding, {} due within one second, {} cores, one fdatasync a "
      "group; lag behind the due time, to the millisecond\n",
      options.outstanding, options.herd, std::thread::hardware_concurrency());
  out << "    fired    early   p50 ms   p99 ms p99.9 ms   max ms\n";
  out << fmt::format("{:>9} {:>8} {:>8.0f} {:>8.0f} {:>8.0f} {:>8.0f}\n", l.count(), tally.early,
                     l.at_per_mille(500), l.at_per_mille(990), l.at_per_mille(999),
                     l.at_per_mille(1000));
}

Result<Tally> run(const TimersBenchOptions& options, std::ostream& progress) {
  const WallClock clock;
  auto host = EngineHost::open(options.folder, [&clock] { return clock.now(); });
  if (!host) return fail_with(host);
  (*host)->start([](const Error&) {});
  LaneLedger ledger(**host, Lane::requests);
  const Stopwatch watch;
  if (const Status done = enrol_outstanding(ledger, options.outstanding); !done) {
    return fail_with(done);
  }
  progress << fmt::format("{} timers outstanding after {:.1f} s\n", options.outstanding,
                          watch.seconds());
  auto effects = Effects::make(**host, clock, {}, [] {}, 1);
  if (!effects) return fail_with(effects);
  if (const Status started = (*effects)->start(); !started) return fail_with(started);
  if (const Status done = publish_herd(ledger); !done) return fail_with(done);
  const std::uint64_t from = (*host)->engine().last_sequence();
  const Instant first_end = clock.now() + Duration::seconds(5);
  if (const Status done = enrol_herd(ledger, options.herd, first_end); !done) {
    return fail_with(done);
  }
  if (clock.now() >= first_end) return fail(ErrorCode::timeout, "the herd took too long to enrol");
  auto tally = follow(**host, from, options.herd, first_end + kPatience);
  (*effects)->stop();
  if (const Status stopped = (*host)->stop(); !stopped) return fail_with(stopped);
  return tally;
}

}  // namespace

int run_timers_bench(const TimersBenchOptions& options, std::ostream& out, std::ostream& progress) {
  auto tally = run(options, progress);
  if (!tally) {
    progress << "bench timers: " << tally.error().detail << '\n';
    return 1;
  }
  print(options, *tally, out);
  return tally->early > 0 || tally->lags.count() < options.herd ? 3 : 0;
}

}  // namespace thaw
