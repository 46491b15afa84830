#include <gtest/gtest.h>

#include "sim/auditor/story_for_test.h"

// SPEC §2.4, "Without an id match": each test a sentence. netset settles cardco's loads.
namespace thaw::audit {
namespace {

TEST(AuditorPairing, EachRecordInTurnConfirmsTheEarliestFreeLoad) {
  Story story;
  story.add(load("p1", 5000, days(1)));
  story.add(load("p2", 5000, days(2), "debit_card"));
  const auto first = story.add(record("netset", "n1", 5000, days(1)));
  const auto second = story.add(record("netset", "n2", 5000, days(3), "debit_card"));
  const auto third = story.add(record("netset", "n3", 5000, days(3), "debit_card"));
  EXPECT_EQ(story.placed(first), "confirmed");
  EXPECT_EQ(story.placed(second), "confirmed");
  EXPECT_EQ(story.placed(third), "recovered");
  EXPECT_EQ(story.totals(), (Totals{10000, 5000, 0, 15000}));
  story.add(load("p3", 5000, days(3), "debit_card"));
  EXPECT_EQ(story.placed(third), "confirmed");
  EXPECT_EQ(story.totals(), (Totals{15000, 0, 0, 15000}));
}

TEST(AuditorPairing, AnUnconfirmedCardLoadOfAnyAmountMakesARecordAPossibleDuplicate) {
  Story story;
  story.add(load("p4", 8000, days(4), "debit_card"));
  const auto other = story.add(record("netset", "n4", 7900, days(5), "debit_card"));
  EXPECT_EQ(story.placed(other), "held:possible_duplicate");
  EXPECT_EQ(story.totals(), (Totals{8000, 0, 0, 8000}));
  story.add(record("netset", "n5", 8000, days(5), "debit_card"));
  EXPECT_EQ(story.placed(other), "recovered");
}

TEST(AuditorPairing, ALoadAfterTheRecordOrBeyondTheLagIsNoPossibleDuplicate) {
  Story story;
  const auto shown = story.add(record("netset", "n4", 7900, days(8)));
  story.add(load("p1", 8000, days(8) + Duration::milliseconds(1)));
  story.add(load("p2", 8000, days(1) - Duration::milliseconds(1)));
  EXPECT_EQ(story.placed(shown), "recovered");
  story.add(load("p3", 8000, days(1)));
  EXPECT_EQ(story.placed(shown), "held:possible_duplicate");
}

TEST(AuditorPairing, ARecordStandsUpTo24HoursBeforeItsLoadAndUpToTheLagAfterIt) {
  Story story;
  story.add(load("p1", 100, days(8)));
  story.add(load("p2", 200, days(8)));
  story.add(load("p3", 300, days(8)));
  story.add(load("p4", 400, days(8)));
  const Duration instant = Duration::milliseconds(1);
  const auto lead = story.add(record("netset", "n1", 100, days(7)));
  const auto too_early = story.add(record("netset", "n2", 200, days(7) - instant));
  const auto lag = story.add(record("netset", "n3", 300, days(15)));
  const auto too_late = story.add(record("netset", "n4", 400, days(15) + instant));
  EXPECT_EQ(story.placed(lead), "confirmed");
  EXPECT_EQ(story.placed(too_early), "recovered");
  EXPECT_EQ(story.placed(lag), "confirmed");
  EXPECT_EQ(story.placed(too_late), "recovered");
}

TEST(AuditorPairing, DatesCompareAsLocalDates) {
  Story story;
  // 13:00 UTC is midnight in Sydney: 8 November there.
  story.add(load("q1", 6000, hours(6 * 24 + 13), "npp"));
  story.history.lines.back().provider = "bankco";
  const Stated first{{}, date("2025-11-13")};
  const auto shown = story.add(record("bankco", "x1", 6000, first, "npp"));
  EXPECT_EQ(story.placed(shown), "confirmed");
  story.history.lines[shown].made_at.date = date("2025-11-14");
  EXPECT_EQ(story.placed(shown), "counted");
  story.history.lines[shown].made_at.date = date("2025-11-07");
  EXPECT_EQ(story.placed(shown), "confirmed");
  story.history.lines[shown].made_at.date = date("2025-11-06");
  EXPECT_EQ(story.placed(shown), "counted");
}

TEST(AuditorPairing, OnlyOfAProviderThatTheFileSettles) {
  Story story;
  story.history.providers[1].settles_for.clear();
  story.add(load("p1", 5000, days(1)));
  EXPECT_NE(story.placed(story.add(record("netset", "n1", 5000, days(1)))), "confirmed");
}

TEST(AuditorPairing, EqualityOfAmountAndDateIsNotIdentity) {
  Story story;
  story.add(record("bankco", "b1", 5000, days(1), "bpay"));
  story.add(record("bankco", "b2", 5000, days(1), "bpay"));
  EXPECT_EQ(story.totals().settled, 10000);
}

TEST(AuditorPairing, AmbiguousIsWhatTwoPairingsWouldCountDifferently) {
  Story story;
  story.add(load("q1", 6000, days(30) - Duration::hours(1), "npp"));
  story.history.lines.back().provider = "bankco";
  const Duration minute = Duration::minutes(1);
  const auto inside = story.add(record("bankco", "x1", 6000, days(30) - minute, "npp"));
  EXPECT_EQ(story.placed(inside), "confirmed");
  const auto outside = story.add(record("bankco", "x2", 6000, days(30) + minute, "npp"));
  EXPECT_EQ(story.placed(inside), "held:ambiguous_match");
  EXPECT_EQ(story.placed(outside), "excluded:after_window");
  EXPECT_EQ(story.totals(), (Totals{6000, 0, 0, 6000}));
}

TEST(AuditorPairing, TwoRecordsThatCountAlikeAreNotAmbiguous) {
  Story story;
  story.add(load("q1", 6000, days(20), "npp"));
  story.history.lines.back().provider = "bankco";
  const auto first = story.add(record("bankco", "y1", 6000, days(20), "npp"));
  const auto second = story.add(record("bankco", "y2", 6000, days(21), "npp"));
  EXPECT_EQ(story.placed(first), "confirmed");
  EXPECT_EQ(story.placed(second), "counted");
}

TEST(AuditorPairing, WhatIsAmbiguousForOneEnrolmentIsNotForAnother) {
  Story story;
  story.history.enrolments.push_back({"w3", "M1", 0, days(-1)});  // ends a day earlier
  story.add(load("q1", 6000, days(28), "npp"));
  story.history.lines.back().provider = "bankco";
  const auto first = story.add(record("bankco", "y1", 6000, days(28), "npp"));
  story.add(record("bankco", "y2", 6000, days(29), "npp"));
  EXPECT_EQ(story.placed(first, 0), "confirmed");
  EXPECT_EQ(story.placed(first, 2), "held:ambiguous_match");
  EXPECT_EQ(expect_outcome(story.history, first), "confirmed");  // the best of both
}

TEST(AuditorPairing, ReversedLoadsPairTooAndByEffectiveAmounts) {
  Story story;
  const auto sent = story.add(load("p1", 5000, days(1)));
  story.add(reversing(whole(load("r1", 0, days(2))), "p1"));
  const auto shown = story.add(record("netset", "n1", 5000, days(1)));
  EXPECT_EQ(story.placed(sent), "excluded:reversed");
  EXPECT_EQ(story.placed(shown), "confirmed");
}

TEST(AuditorPairing, AConfirmingRecordIsConfirmedWhateverTheLoadsOwnPlacement) {
  Story story;
  const auto sent = story.add(load("p1", 5000, days(31)));
  const auto shown = story.add(record("netset", "n1", 5000, days(31)));
  EXPECT_EQ(story.placed(sent), "excluded:after_window");
  EXPECT_EQ(story.placed(shown), "confirmed");
}

TEST(AuditorPairing, WithinOneClass) {
  Story story;
  story.history.providers.push_back({"mixed", {"npp", "apple_pay"}});
  story.add(load("p1", 5000, days(1)));
  story.history.lines.back().provider = "mixed";
  const auto shown = story.add(record("mixed", "n1", 5000, days(1), "npp"));
  EXPECT_EQ(story.placed(shown), "counted");
}

TEST(AuditorPairing, APossibleDuplicateByDateComparesLocalDates) {
  Story story;
  // 14:00 UTC is 01:00 of 8 November in Sydney.
  story.add(load("p1", 8000, hours(6 * 24 + 14)));
  const auto shown = story.add(record("netset", "n1", 7900, Stated{{}, date("2025-11-08")}));
  EXPECT_EQ(story.placed(shown), "held:possible_duplicate");
  story.history.lines[shown].made_at.date = date("2025-11-07");
  EXPECT_EQ(story.placed(shown), "recovered");
  story.history.lines[shown].made_at.date = date("2025-11-15");
  EXPECT_EQ(story.placed(shown), "held:possible_duplicate");
  story.history.lines[shown].made_at.date = date("2025-11-16");
  EXPECT_EQ(story.placed(shown), "recovered");
}

// docs/adr/0020: what names a record would act on another load if the record confirmed that.
TEST(AuditorPairing, ANamedRecordIsAmbiguousIfItCouldConfirmALoadOfAnotherEffect) {
  Story story;
  const auto inside = story.add(load("q1", 6000, days(29), "npp"));
  const auto outside = story.add(load("q2", 6000, days(30), "npp"));
  for (const std::size_t line : {inside, outside}) story.history.lines[line].provider = "bankco";
  const auto shown = story.add(record("bankco", "x1", 6000, days(31), "npp"));
  EXPECT_EQ(story.placed(shown), "confirmed");
  const auto back = story.add(reversing(record("bankco", "r1", 100, days(31), "npp"), "x1"));
  EXPECT_EQ(story.placed(shown), "excluded:after_window");  // before held, SPEC's order
  EXPECT_EQ(story.placed(back), "held:ambiguous_match");
  EXPECT_EQ(story.expected().counted[inside], 6000);
}

TEST(AuditorPairing, OneWithdrawalByWebhookAndFileIsOne) {
  Story story;
  const auto sent = story.add(withdrawal(load("w1", 700, days(2))));
  const auto shown = story.add(withdrawal(record("netset", "v1", 700, days(3))));
  EXPECT_EQ(story.placed(sent), "applied");
  EXPECT_EQ(story.placed(shown), "confirmed");
  EXPECT_EQ(story.totals().withdrawn, 700);
}

}  // namespace
}  // namespace thaw::audit
