#include <gtest/gtest.h>

#include <algorithm>
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

/// A kind that says no more than none does: the load is what is meant first.
bool is_same(Line a, Line b) {
  for (Line* line : {&a, &b}) {
    if (line->original && line->original->kind == LineKind::load) line->original->kind.reset();
  }
  return a == b;
}

/// Exact repeats of webhook lines are one stored line: keep the first of each.
std::vector<Line> without_repeats(const std::vector<Line>& lines) {
  std::vector<Line> kept;
  for (const Line& line : lines) {
    const auto repeats = [&line](const Line& other) { return is_same(line, other); };
    if (std::none_of(kept.begin(), kept.end(), repeats)) kept.push_back(line);
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

/// True if what holds the line has a value, and all of it is held.
bool is_held_whole(const Line& line, Placed placed) {
  return is_held(placed) && placed != Placed::held_amount_mismatch && line.amount.has_value() &&
         line.kind != LineKind::correction;
}

/// The held total has the value of what is held, and of nothing else.
TEST(Order, held_total_is_zero_where_nothing_of_value_is_held_and_only_there) {
  const CampaignRules rules = make_rules("deduct", WithdrawalPolicy::deduct);
  const std::vector<PlacingWindow> windows{make_placing_window(rules)};
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    const std::vector<Line> lines = without_repeats(draw_lines(random, 1 + random.below(6)));
    const Placing placing = place_lines(lines, windows);
    bool any = false;
    bool any_whole = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Placed placed = placing.lines[i].windows.front().placed;
      any = any || is_held(placed);
      any_whole = any_whole || is_held_whole(lines[i], placed);
    }
    const bool is_zero = placing.totals.front().held.is_zero();
    ASSERT_TRUE(any || is_zero) << "seed " << seed;
    ASSERT_FALSE(any_whole && is_zero) << "seed " << seed;
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
  void enrol(const char* member = "M1") {
    run(Enrol{CampaignId("deduct"), MemberId(member), kStart, {}, ""});
  }
  void claim(const char* member, const ReferenceKey& reference) {
    run(ChangeReferences{MemberId(member), {{reference, {}, {}}}, {}});
  }
  void record(const Line& line) { record(line, {MemberId("M1"), {}}); }
  /// As a record states it: a member, or a reference.
  struct Sender {
    MemberId member;
    ReferenceKey reference;
  };
  void record(const Line& line, const Sender& sender) {
    now_ = kStart + Duration::hours(23);  // an enrolment after the lines may still begin at kStart
    RecordLine command{sender.member, sender.reference, line, {}};
    command.line.recorded_at = kStart + Duration::days(40);
    run(command);
  }
  std::map<std::string, std::string> outcomes() {
    std::map<std::string, std::string> found;
    for (const char* member : {"M1", "M2", "M3"}) add_outcomes(MemberId(member), found);
    ledger_.read([&](StateView& view) {
      for (const auto& [key, row] : view.scan("k/", 1000)) found[key] = "kept";
      found["left to do"] = std::to_string(view.scan(keys::found_originals(), 1000).size() +
                                           view.scan(keys::claimed_kept_all(), 1000).size());
    });
    return found;
  }

 private:
  void add_outcomes(const MemberId& id, std::map<std::string, std::string>& found) {
    ledger_.read([&](StateView& view) {
      for (const auto& [key, row] : view.scan(keys::lines_of(id), 1000)) {
        const auto line = decode<LineRow>(row.bytes);
        std::string text(to_string(line->outcome));
        for (const auto& p : line->placements) text += " " + std::to_string(p.counted.units());
        // What a line confirms is worked out once somebody has enrolled.
        if (line->outcome != Placed::kept) text += " " + line->confirms;
        found[key] = text;
      }
      const auto row = view.find(keys::member(id));
      const auto member = row ? decode<Member>(row->bytes) : std::nullopt;
      if (!member) return;
      for (const Enrolment& e : member->enrolments) found[e.id.text()] = encode(e.totals);
      const std::string settling = member->is_settling ? " settling" : "";
      if (member->lines.all > 0) found[id.text() + " lines"] = encode(member->lines) + settling;
    });
  }
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

/// Who sends the lines of an identity: a payment's record its holder, a reversal or correction
/// whoever likes.
LedgerRun::Sender draw_sender(Random& random, const Line& line) {
  const bool names_another = line.original.has_value();
  const std::uint64_t which = random.below(names_another ? 6 : 4);
  if (which == 4) return {{}, {"bpay_crn", "unclaimed"}};
  if (which == 5) return {{}, {"bpay_crn", "claimed by M2"}};
  return {MemberId(which == 0 ? "M2" : which == 1 ? "M3" : "M1"), {}};
}

/// The same with lines of three members, one of them not enrolled, and of references that are
/// claimed in between: what reverses or corrects a record is its holder's in whatever order.
TEST(Order, of_arrival_changes_nothing_where_reversals_come_under_other_members) {
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    Random random(seed);
    std::vector<std::pair<Line, LedgerRun::Sender>> lines;
    std::map<std::string, LedgerRun::Sender> senders;
    std::map<std::string, OriginalRef> named;
    for (Line& line : without_repeats(draw_lines(random, 2 + random.below(14)))) {
      if (line.path == Path::webhook && line.time.from > kStart + Duration::hours(23)) continue;
      const std::string identity = keys::identity(line);
      // One reversal names one record: two that share an id and name two are the first one's.
      if (line.original) {
        line.original = named.try_emplace(identity, *line.original).first->second;
      }
      const auto sender = senders.try_emplace(identity, draw_sender(random, line)).first->second;
      lines.emplace_back(std::move(line), sender);
    }
    std::optional<std::map<std::string, std::string>> first;
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      LedgerRun run;
      const std::size_t claim_at = random.below(lines.size() + 1);
      const std::size_t enrol_at = random.below(claim_at + 1);
      for (std::size_t i = 0; i <= lines.size(); ++i) {
        if (i == enrol_at) run.enrol("M1");
        if (i == enrol_at) run.enrol("M2");
        if (i == claim_at) run.claim("M2", {"bpay_crn", "claimed by M2"});
        if (i < lines.size()) run.record(lines[i].first, lines[i].second);
      }
      if (!first) first = run.outcomes();
      ASSERT_EQ(*first, run.outcomes()) << "seed " << seed;
      random.shuffle(lines);
    }
  }
}

}  // namespace
}  // namespace thaw::property
