#include "sim/auditor/verdict.h"

#include <gtest/gtest.h>

#include "sim/auditor/story_for_test.h"

// SPEC §2.5 withdrawals, §2.6 verdict. The window ends at day 30, the decision falls on day 32; the
// threshold is A$100.
namespace thaw::audit {
namespace {

class AuditorVerdict : public testing::Test {
 protected:
  AuditorVerdict() { story_.rules().threshold_minor = 10000; }

  std::size_t draw(std::string id, std::int64_t minor, Instant at) {
    return story_.add(withdrawal(load(std::move(id), minor, at)));
  }

  Story story_;
};

TEST_F(AuditorVerdict, TheThresholdIsReachedWhenItIsMet) {
  story_.add(load("a1", 6000, days(1)));
  EXPECT_EQ(story_.verdict(), "not_qualified below_threshold");
  story_.add(load("a2", 4000, days(29)));
  EXPECT_EQ(story_.verdict(), "qualified qualified");
}

TEST_F(AuditorVerdict, WhoeverQualifiesIsOwedTheCampaignsPoints) {
  story_.rules().points = 2000;
  const auto owed = [this] {
    return expect(story_.history, 0, [](std::size_t) { return true; }).owed_points;
  };
  story_.add(load("a1", 6000, days(1)));
  EXPECT_EQ(owed(), 0);
  story_.add(load("a2", 4000, days(29)));
  EXPECT_EQ(owed(), 2000);
}

TEST_F(AuditorVerdict, ThePoliciesDeductIgnoreDisqualify) {
  story_.add(load("p1", 12000, days(1)));
  draw("w1", 5000, days(2));
  EXPECT_EQ(story_.totals(), (Totals{12000, 0, 5000, 7000}));
  EXPECT_EQ(story_.verdict(), "not_qualified below_threshold");
  story_.rules().withdrawal_policy = "ignore";
  EXPECT_EQ(story_.totals(), (Totals{12000, 0, 5000, 12000}));
  EXPECT_EQ(story_.verdict(), "qualified qualified");
  story_.rules().withdrawal_policy = "disqualify";
  EXPECT_EQ(story_.verdict(), "not_qualified disqualified_by_withdrawal");
}

TEST_F(AuditorVerdict, DisqualifiedIsTheFirstReason) {
  story_.rules().withdrawal_policy = "disqualify";
  draw("w1", 1, days(2));
  EXPECT_EQ(story_.verdict(), "not_qualified disqualified_by_withdrawal");
}

TEST_F(AuditorVerdict, AReversedWithdrawalIsNone) {
  story_.add(load("p1", 12000, days(1)));
  const auto drawn = draw("w1", 5000, days(2));
  story_.add(reversing(load("r1", 5000, days(3)), "w1", "withdrawal"));
  EXPECT_EQ(story_.placed(drawn), "excluded:reversed");
  EXPECT_EQ(story_.totals(), (Totals{12000, 0, 0, 12000}));
}

TEST_F(AuditorVerdict, WithdrawalsCountFromEnrolmentToTheDecision) {
  const Duration instant = Duration::milliseconds(1);
  EXPECT_EQ(story_.placed(draw("w0", 100, kT0 - instant)), "excluded:before_window");
  EXPECT_EQ(story_.placed(draw("w1", 100, kT0)), "applied");
  EXPECT_EQ(story_.placed(draw("w2", 100, days(32) - instant)), "applied");
  EXPECT_EQ(story_.placed(draw("w3", 100, days(32))), "excluded:after_window");
  EXPECT_EQ(story_.totals().withdrawn, 200);
}

TEST_F(AuditorVerdict, ThoseMadeInGraceAreFirstSetAgainstLoadsMadeInGrace) {
  story_.add(load("p1", 12000, days(1)));
  // docs/adr/0021: whatever the rail.
  story_.add(load("p2", 3000, days(30) + Duration::hours(1), "google_pay"));
  draw("w2", 4000, days(30) + Duration::hours(2));
  EXPECT_EQ(story_.totals(), (Totals{12000, 0, 1000, 11000}));
  story_.add(reversing(load("r2", 500, days(31)), "p2"));
  EXPECT_EQ(story_.totals(), (Totals{12000, 0, 1500, 10500}));
  draw("w3", 700, days(3));  // in the window: nothing sets it off
  EXPECT_EQ(story_.totals().withdrawn, 2200);
}

TEST_F(AuditorVerdict, AWithdrawalOnlyPartlyInsideIsHeld) {
  const auto on = [this](const char* day) {
    return story_.add(withdrawal(record("bankco", day, 100, Stated{{}, date(day)}, "npp")));
  };
  EXPECT_EQ(story_.placed(on("2025-11-01")), "held:timing_uncertain");
  EXPECT_EQ(story_.placed(on("2025-12-03")), "held:timing_uncertain");
  EXPECT_EQ(story_.placed(on("2025-12-01")), "applied");
  EXPECT_EQ(story_.totals().withdrawn, 100);
  // The last lies partly in grace: as made in grace.
  story_.add(load("p2", 3000, days(31)));
  EXPECT_EQ(story_.totals().withdrawn, 0);
}

TEST_F(AuditorVerdict, TheHighestAmountOfAWithdrawalCounts) {
  const auto low = draw("x1", 500, days(1));
  const auto high = draw("x1", 800, days(1));
  EXPECT_EQ(story_.placed(low), "held:amount_mismatch");
  EXPECT_EQ(story_.placed(high), "applied");
  EXPECT_EQ(story_.totals().withdrawn, 800);
}

TEST_F(AuditorVerdict, HeldItemsThatCouldLiftTheTotalToTheThreshold) {
  story_.add(load("c1", 6000, days(1)));
  story_.add(load("c1", 9999, days(1)));
  EXPECT_EQ(story_.verdict(), "not_qualified below_threshold");
  story_.add(load("c1", 10000, days(1)));
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
}

TEST_F(AuditorVerdict, HeldItemsThatCouldDropItBelow) {
  story_.add(load("c1", 10000, days(5)));
  EXPECT_EQ(story_.verdict(), "qualified qualified");
  story_.add(reversing(load("r1", 1, days(6)), "unknown", "load"));
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
  story_.add(load("c2", 1, days(5)));
  EXPECT_EQ(story_.verdict(), "qualified qualified");
}

TEST_F(AuditorVerdict, AHeldWithdrawalCouldDropIt) {
  story_.add(load("c1", 10000, days(5)));
  story_.add(withdrawal(record("bankco", "w", 1, Stated{{}, date("2025-11-01")}, "npp")));
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
  story_.rules().withdrawal_policy = "disqualify";
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
  story_.rules().withdrawal_policy = "ignore";
  EXPECT_EQ(story_.verdict(), "qualified qualified");
}

TEST_F(AuditorVerdict, APossibleDuplicateIsHeldValueLessWhatIsReversed) {
  story_.add(load("a1", 8000, days(19)));
  story_.add(record("netset", "p1", 2000, days(20)));
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
  story_.add(reversing(record("netset", "r1", 1, days(21)), "p1"));
  EXPECT_EQ(story_.verdict(), "not_qualified below_threshold");
}

TEST_F(AuditorVerdict, AGraceLoadInDoubtDoesNotSetOff) {
  story_.add(load("p1", 10000, days(1)));
  story_.add(load("p2", 50, days(31), "debit_card"));
  draw("w1", 60, days(31));
  story_.add(record("netset", "n1", 10, days(31) + Duration::hours(1)));
  EXPECT_EQ(story_.totals().withdrawn, 10);
  EXPECT_EQ(story_.verdict(), "not_qualified below_threshold");  // excluded, not held: ADR 0034
}

TEST_F(AuditorVerdict, AHeldLoadInTheWindowSetsNothingOff) {
  story_.add(load("p1", 10000, days(1)));
  story_.add(record("netset", "n1", 100, days(2)));
  draw("w1", 300, days(31));
  EXPECT_EQ(story_.verdict(), "not_qualified below_threshold");
  story_.add(record("netset", "n2", 200, days(2)));
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
}

TEST_F(AuditorVerdict, ALoadKnownBySettlementDateSetsOffOnlyIfWhollyInGrace) {
  story_.rules().grace = Duration::days(10);
  story_.add(load("p1", 10000, days(1)));
  draw("w1", 300, days(31));
  const auto sure = story_.add(settled("b1", 200, "2025-12-07"));
  EXPECT_EQ(story_.placed(sure), "excluded:after_window");
  EXPECT_EQ(story_.totals().withdrawn, 100);
  story_.add(settled("b2", 200, "2025-12-06"));  // a part before the window's end
  EXPECT_EQ(story_.totals().withdrawn, 100);
  story_.add(settled("b3", 200, "2025-12-11"));  // a part after the decision
  EXPECT_EQ(story_.totals().withdrawn, 100);
}

TEST_F(AuditorVerdict, TheConflictingLineIsHeldWhole) {
  story_.add(of("M2", load("p1", 10000, days(1))));
  story_.add(load("p1", 10000, days(1)));
  EXPECT_EQ(story_.verdict(), "in_review held_items_could_flip");
}

}  // namespace
}  // namespace thaw::audit
