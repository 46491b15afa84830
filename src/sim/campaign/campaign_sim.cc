#include "sim/campaign/campaign_sim.h"

#include "base/fnv.h"
#include "sim/campaign/campaign_run.h"
#include "sim/campaign/judge.h"

namespace thaw {
namespace {

std::uint64_t hash_log(const std::vector<LogRecord>& log) {
  std::uint64_t hash = fnv1a("");
  for (const LogRecord& record : log) hash = fnv1a(encode(record), hash);
  return hash;
}

}  // namespace

SimReport simulate_campaign(std::uint64_t seed, const SimOptions& options) {
  CampaignRun run(seed, options);
  if (!run.run()) return std::move(run.report());
  auto log = run.store().records_after(0, SIZE_MAX);
  if (!log) {
    run.complain("the log cannot be read: " + log.error().detail);
    return std::move(run.report());
  }
  run.report().log_hash = hash_log(*log);
  run.report().records = static_cast<std::int64_t>(log->size());
  Judge(run, std::move(*log)).judge();
  return std::move(run.report());
}

const std::vector<std::string>& required_points(SimLedger ledger) {
  static const std::vector<std::string> kBoth{
      "sender tried again",
      "timer fired twice",
      "timer herd after a restart",
      "timers held for a clock that was set forward",
      "clock released",
      "crash between decision and grant",
      "crash between attempt and answer",
      "crash with a file partly applied",
      "died while a file was applied",
      "message in the middle of a file",
      "message between an attempt and its answer",
      "answer lost after the partner acted",
      "partner acted late",
      "reward tried again",
      "reward in a case",
      "key past its life",
      "points taken back",
      "events seen again",
      "date of another zone at the edge of a window",
      "day of 23 or 25 hours",
      "two equal records without an id",
      "answer replayed under its key",
      "key with another body refused",
      "reference that was passed on",
      "reference that is nobody's any more",
      "record without an id in two files",
      "hold lifted from a reward that waited",
      "on hold in the end, and not paid",
      "record gone from a later file",
      "second version published",
      "enrolled under a second version",
      "enrolment refused",
      "enrolment refused for budget",
      "budget given back and taken again",
      "enrolment refused for its exclusion group",
      "exclusion group free again after a cancel",
      "cancelled in its window",
      "cancelled in grace",
      "cancelled while files were awaited",
      "cancel refused after the verdict",
      "enrolled again after a cancel: refused",
      "lines of a cancelled member stand elsewhere",
      "lines of a cancelled member are kept",
      "review ended by a file",
      "review ended by a record",
  };
  static const std::vector<std::string> kMemory = [] {
    auto points = kBoth;
    points.push_back("write conflict");
    return points;
  }();
  static const std::vector<std::string> kEngine = [] {
    auto points = kBoth;
    for (const char* point :
         {"torn last frame cut off", "died while it recovered", "damaged byte named",
          "misdirected write noticed", "index lost since its last flush",
          "restored to an earlier instant", "fence raised and reward asked for", "full disk met",
          "sync failed, and the disk lied afterwards"}) {
      points.emplace_back(point);
    }
    return points;
  }();
  return ledger == SimLedger::memory ? kMemory : kEngine;
}

}  // namespace thaw
