#include <gtest/gtest.h>

#include "sim/auditor/story_for_test.h"

// SPEC §2.4, reversals and corrections; docs/adr/0027.
namespace thaw::audit {
namespace {

Line reversal(std::string id, std::int64_t minor, Instant at, std::string named) {
  return reversing(load(std::move(id), minor, at), std::move(named));
}

TEST(AuditorReversing, AReversalMayBePartialAndSeveralMayHitOneLoad) {
  Story story;
  const auto sent = story.add(load("p1", 5000, days(1)));
  const auto part = story.add(reversal("r1", 2000, days(2), "p1"));
  EXPECT_EQ(story.placed(part), "applied");
  EXPECT_EQ(story.placed(sent), "counted");
  EXPECT_EQ(story.expected().counted[sent], 3000);
  const auto more = story.add(reversal("r2", 4000, days(3), "p1"));
  EXPECT_EQ(story.placed(more), "held:over_reversal");
  EXPECT_EQ(story.placed(sent), "excluded:reversed");
}

TEST(AuditorReversing, OneThatFindsNothingLeftIsADuplicateIfItMeansTheWhole) {
  Story story;
  story.add(load("p1", 5000, days(1)));
  story.add(reversal("r1", 5000, days(2), "p1"));
  const auto no_amount = story.add(whole(reversal("r3", 0, days(4), "p1")));
  const auto all = story.add(reversal("r4", 5000, days(4), "p1"));
  const auto part = story.add(reversal("r5", 500, days(4), "p1"));
  EXPECT_EQ(story.placed(no_amount), "duplicate");
  EXPECT_EQ(story.placed(all), "duplicate");
  EXPECT_EQ(story.placed(part), "held:over_reversal");
}

TEST(AuditorReversing, TheyApplyInTheOrderOfTheirTimesThenIds) {
  Story story;
  story.add(load("p2", 5000, days(1)));
  const auto later = story.add(reversal("s1", 4000, days(6), "p2"));
  const auto earlier = story.add(reversal("s2", 3000, days(5), "p2"));
  EXPECT_EQ(story.placed(later), "held:over_reversal");
  EXPECT_EQ(story.placed(earlier), "applied");
  const auto same_time = story.add(reversal("s0", 100, days(5), "p2"));
  EXPECT_EQ(story.placed(same_time), "applied");
}

TEST(AuditorReversing, AnOrphanAppliesWhenItsRecordComes) {
  Story story;
  const auto orphan = story.add(whole(reversal("o1", 0, days(5), "p9")));
  EXPECT_EQ(story.placed(orphan), "held:orphan_reversal");
  const auto sent = story.add(load("p9", 1500, days(4)));
  EXPECT_EQ(story.placed(orphan), "applied");
  EXPECT_EQ(story.placed(sent), "excluded:reversed");
}

TEST(AuditorReversing, OfSeveralCorrectionsTheLatestFileStands) {
  Story story;
  const auto paid = story.add(record("bankco", "b1", 10000, days(2), "bpay"));
  Line first = correcting(record("bankco", "c3", 8000, days(5), "bpay"), "b1");
  first.file_created_at = days(9);
  Line second = correcting(record("bankco", "c2", 9000, days(5), "bpay"), "b1");
  second.file_created_at = days(8);
  const auto stands = story.add(first);
  const auto beaten = story.add(second);
  EXPECT_EQ(story.placed(stands), "applied");
  EXPECT_EQ(story.placed(beaten), "duplicate");
  EXPECT_EQ(story.expected().counted[paid], 8000);
}

TEST(AuditorReversing, CorrectedBelowWhatIsReversedTheExcessIsHeld) {
  Story story;
  story.add(record("bankco", "b1", 8000, days(2), "bpay"));
  const auto back = story.add(reversing(record("bankco", "v4", 7000, days(7), "bpay"), "b1"));
  EXPECT_EQ(story.placed(back), "applied");
  story.add(correcting(record("bankco", "c5", 6000, days(8), "bpay"), "b1"));
  EXPECT_EQ(story.placed(back), "held:over_reversal");
}

TEST(AuditorReversing, WhatNamesAConfirmedRecordActsOnItsLoad) {
  Story story;
  const auto first = story.add(load("p5", 3300, days(5)));
  story.add(record("netset", "n5", 3300, days(5)));
  story.add(reversing(record("netset", "nr5", 3300, days(6)), "n5"));
  EXPECT_EQ(story.placed(first), "excluded:reversed");
  const auto second = story.add(load("p6", 4400, days(5)));
  const auto shown = story.add(record("netset", "n6", 4400, days(5)));
  story.add(correcting(record("netset", "nc6", 4000, days(6)), "n6"));
  EXPECT_EQ(story.placed(shown), "confirmed");
  EXPECT_EQ(story.expected().counted[second], 4000);
}

TEST(AuditorReversing, PairingUsesTheAmountAfterCorrection) {
  Story story;
  story.add(load("p1", 4000, days(5)));
  const auto shown = story.add(record("netset", "n1", 4400, days(5)));
  EXPECT_EQ(story.placed(shown), "held:possible_duplicate");
  story.add(correcting(record("netset", "c1", 4000, days(6)), "n1"));
  EXPECT_EQ(story.placed(shown), "confirmed");
  const auto sent = story.add(load("p2", 900, days(5)));
  story.add(correcting(record("cardco", "c2", 800, days(6)), "p2"));
  const auto matching = story.add(record("netset", "n2", 800, days(5)));
  EXPECT_EQ(story.placed(matching), "confirmed");
  EXPECT_EQ(story.expected().counted[sent], 800);
}

TEST(AuditorReversing, OneReversalByWebhookAndFileIsOne) {
  Story story;
  const auto sent = story.add(load("p7", 5500, days(5)));
  story.add(record("netset", "n7", 5500, days(5)));
  const auto told = story.add(reversal("w7", 2500, days(6), "p7"));
  const auto shown = story.add(reversing(record("netset", "nr7", 2500, days(6)), "n7"));
  EXPECT_EQ(story.placed(told), "applied");
  EXPECT_EQ(story.placed(shown), "confirmed");
  EXPECT_EQ(story.expected().counted[sent], 3000);
}

TEST(AuditorReversing, AReversalIsItsRecordsHoldersWhateverMemberItStates) {
  Story story;
  const auto orphan = story.add(of("M2", reversal("r2", 2000, days(2), "p2")));
  EXPECT_EQ(story.placed(orphan, 1), "held:orphan_reversal");
  const auto sent = story.add(load("p2", 5000, days(1)));
  EXPECT_EQ(story.placed(orphan, 1), "");
  EXPECT_EQ(story.placed(orphan, 0), "applied");
  EXPECT_EQ(story.expected().counted[sent], 3000);
}

TEST(AuditorReversing, TheIdOfAReversalIsTakenByOneThatAnotherMembersRecordHolds) {
  Story story;
  story.add(of("M2", load("p1", 5000, days(1))));
  const auto at_holder = story.add(reversal("r1", 2000, days(2), "p1"));
  const auto orphan = story.add(reversal("r1", 2000, days(3), "nothing"));
  EXPECT_EQ(story.placed(orphan), "held:identity_conflict");
  const Expected of_own_lines =
      expect(story.history, 0, [&](std::size_t line) { return line == orphan; });
  EXPECT_EQ(of_own_lines.placed[orphan], "held:identity_conflict");
  EXPECT_EQ(of_own_lines.placed[at_holder], "");
}

TEST(AuditorReversing, TheHolderOfARecordThatIsGoneHasWhatNamesItLater) {
  Story story;
  const auto paid = story.add(of("M2", load("p1", 5000, days(1))));
  const auto back = story.add(reversal("r1", 2000, days(2), "p1"));
  const auto owned = [&] {
    return expect(story.history, 0, [&](std::size_t line) { return line != paid; }).placed[back];
  };
  EXPECT_EQ(owned(), "held:orphan_reversal") << "its record came too late";
  story.history.lines[paid].is_gone = true;
  EXPECT_EQ(owned(), "");
}

TEST(AuditorReversing, WithoutAKindItNamesTheLoadElseTheWithdrawal) {
  Story story;
  story.add(withdrawal(load("w1", 1000, days(2))));
  const auto back = story.add(reversal("u1", 400, days(3), "w1"));
  EXPECT_EQ(story.totals().withdrawn, 600);
  const auto sent = story.add(load("w1", 4000, days(2)));
  EXPECT_EQ(story.placed(back), "applied");
  EXPECT_EQ(story.totals().withdrawn, 1000);
  EXPECT_EQ(story.expected().counted[sent], 3600);
}

TEST(AuditorReversing, TheMinimumIsAskedBeforeReversalsAndTheCapAfter) {
  Story story;
  story.rules().minimum_minor = 4000;
  story.rules().maximum_counted_minor = 6000;
  const auto small = story.add(load("p1", 4000, days(1)));
  story.add(reversal("r1", 1000, days(2), "p1"));
  const auto large = story.add(load("p2", 9000, days(1)));
  story.add(reversal("r2", 1000, days(2), "p2"));
  EXPECT_EQ(story.expected().counted[small], 3000);
  EXPECT_EQ(story.expected().counted[large], 6000);
}

}  // namespace
}  // namespace thaw::audit
