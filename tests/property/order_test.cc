#include <gtest/gtest.h>

#include <map>

#include "adapters/memory/memory_ledger.h"
#include "domain/eligibility.h"
#include "domain/keys.h"
#include "domain/standing.h"
#include "random_lines.h"

namespace thaw::property {
namespace {

PlacingWindow make_placing_window(const CampaignRules& rules) {
  return {kStart, kStart + rules.window, kStart + rules.window + rules.grace, &rules};
}

/// Exact repeats of webhook lines are one stored line: keep the first of each key.
std::vector<Line> without_repeats(const std::vector<Line>& lines) {
  std::vector<Line> kept;
  std::map<std::string, int> seen;
  for (const Line& line : lines) {
    if (seen[keys::line(MemberId("M1"), line)]++ == 0) kept.push_back(line);
  }
  return kept;
}

struct Picture {
  std::map<std::string, std::string> placed;
  std::vector<Totals> totals;
};

Picture place(const std::vector<Line>& lines, const std::vector<PlacingWindow>& windows) {
  const Placing placing = place_lines(lines, windows);
  Picture result;
  result.totals = placing.totals;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string& text = result.placed[keys::line(MemberId("M1"), lines[i])];
    for (const WindowPlacing& w : placing.lines[i].windows) {
      text += std::string(to_string(w.placed)) + " " + std::to_string(w.counted.units()) + ";";
    }
  }
  return result;
}

TEST(Order, of_arrival_changes_no_placement_no_total_and_no_verdict) {
  const CampaignRules deduct = make_rules("deduct", WithdrawalPolicy::deduct);
  const CampaignRules strict = make_rules("strict", WithdrawalPolicy::disqualify);
  const std::vector<PlacingWindow> windows{make_placing_window(deduct),
                                           make_placing_window(strict)};
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    std::vector<Line> lines = without_repeats(draw_lines(random, 1 + random.below(14)));
    const Picture first = place(lines, windows);
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      random.shuffle(lines);
      const Picture again = place(lines, windows);
      ASSERT_EQ(first.placed, again.placed) << "seed " << seed;
      ASSERT_EQ(first.totals, again.totals) << "seed " << seed;
      ASSERT_EQ(judge(deduct, first.totals[0]), judge(deduct, again.totals[0])) << "seed " << seed;
    }
  }
}

/// Totals are the sums of what the lines say that they count for.
TEST(Order, totals_are_the_sums_of_counted_lines) {
  const CampaignRules rules = make_rules("deduct", WithdrawalPolicy::deduct);
  const std::vector<PlacingWindow> windows{make_placing_window(rules)};
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    const std::vector<Line> lines = without_repeats(draw_lines(random, 1 + random.below(14)));
    const Placing placing = place_lines(lines, windows);
    Minor sum;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const WindowPlacing& w = placing.lines[i].windows.front();
      if (w.placed == Placed::counted || w.placed == Placed::recovered) sum += w.counted;
    }
    ASSERT_EQ(sum, placing.totals.front().cumulative()) << "seed " << seed;
  }
}

/// The whole ledger: shuffled arrival of the same lines gives the same rows and totals, through the
/// fast path for lines that stand alone, chains, and enrolment before, between or after the lines.
class LedgerRun {
 public:
  LedgerRun() : ledger_([this] { return now_; }) {
    for (const char* id : {"cardco", "bankco"}) {
      run(ConfigureProvider{{ProviderId(id),
                             {Rail::debit_card, Rail::apple_pay, Rail::google_pay, Rail::bpay,
                              Rail::bank_transfer, Rail::npp},
                             {}}});
    }
    run(DraftCampaign{make_rules("deduct", WithdrawalPolicy::deduct)});
    run(PublishCampaign{CampaignId("deduct")});
  }
  void enrol() { run(Enrol{CampaignId("deduct"), MemberId("M1"), kStart, {}, ""}); }
  void record(const Line& line) {
    now_ = kStart + Duration::hours(23);  // an enrolment after the lines may still begin at kStart
    RecordLine command{MemberId("M1"), {}, line, {}};
    command.line.recorded_at = kStart + Duration::days(40);
    run(command);
  }
  std::map<std::string, std::string> outcomes() {
    std::map<std::string, std::string> found;
    ledger_.read([&](StateView& view) {
      for (const auto& [key, row] : view.scan(keys::lines_of(MemberId("M1")), 1000)) {
        const auto line = decode<LineRow>(row.bytes);
        std::string text(to_string(line->outcome));
        for (const auto& p : line->placements) text += " " + std::to_string(p.counted.units());
        found[key] = text + " " + line->confirms;
      }
      if (const auto row = view.find(keys::member(MemberId("M1")))) {
        const auto member = decode<Member>(row->bytes);
        found["totals"] = encode(member->enrolments.front().totals);
        found["settling"] = member->is_settling ? "yes" : "no";
      }
    });
    return found;
  }

 private:
  void run(CommandBody body) {
    const auto reply = ledger_.run(Command{std::move(body), "t", false, {}});
    ASSERT_TRUE(reply);
  }
  Instant now_ = kStart;
  MemoryLedger ledger_;
};

TEST(Order, of_arrival_changes_nothing_in_the_ledger) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Random random(seed);
    std::vector<Line> lines = without_repeats(draw_lines(random, 1 + random.below(14)));
    // Lines that stand in the future of the enrolment's 24 h are clipped to the past side.
    for (Line& line : lines) {
      if (line.path == Path::file) continue;
      if (line.time.from > kStart + Duration::hours(23)) line.time = LineTime::at(kStart);
    }
    lines = without_repeats(lines);
    std::optional<std::map<std::string, std::string>> first;
    for (int shuffle = 0; shuffle < 3; ++shuffle) {
      LedgerRun run;
      const std::size_t enrol_at = random.below(lines.size() + 1);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == enrol_at) run.enrol();
        run.record(lines[i]);
      }
      if (enrol_at == lines.size()) run.enrol();
      if (!first) first = run.outcomes();
      ASSERT_EQ(*first, run.outcomes()) << "seed " << seed;
      random.shuffle(lines);
    }
  }
}

}  // namespace
}  // namespace thaw::property
