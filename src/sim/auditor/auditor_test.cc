#include "sim/auditor/auditor.h"

#include <gtest/gtest.h>

#include "sim/auditor/story_for_test.h"

// Each test is a sentence of SPEC §2.4: the paths, identity, what is rejected and kept.
namespace thaw::audit {
namespace {

TEST(Auditor, AWebhookCountsAndAFileLineBesideItIsConfirmed) {
  Story story;
  const auto sent = story.add(load("p1", 5000, hours(1)));
  const auto shown = story.add(record("cardco", "p1", 5000, hours(1)));
  EXPECT_EQ(story.placed(sent), "counted");
  EXPECT_EQ(story.placed(shown), "confirmed");
  EXPECT_EQ(story.totals(), (Totals{5000, 0, 0, 5000}));
}

TEST(Auditor, AWebhookAfterItsFileRecordTakesOver) {
  Story story;
  const auto shown = story.add(record("cardco", "p1", 5000, hours(1)));
  EXPECT_EQ(story.placed(shown), "recovered");
  EXPECT_EQ(story.totals(), (Totals{0, 5000, 0, 5000}));
  const auto sent = story.add(load("p1", 5000, hours(1)));
  EXPECT_EQ(story.placed(sent), "counted");
  EXPECT_EQ(story.placed(shown), "confirmed");
  EXPECT_EQ(story.totals(), (Totals{5000, 0, 0, 5000}));
}

TEST(Auditor, ARecordOfADelayedRailIsALoadAndItsRepeatADuplicate) {
  Story story;
  const auto first = story.add(record("bankco", "b1", 5000, hours(1), "bpay"));
  const auto again = story.add(record("bankco", "b1", 5000, hours(1), "bpay"));
  EXPECT_EQ(story.placed(first), "counted");
  EXPECT_EQ(story.placed(again), "duplicate");
  EXPECT_EQ(story.totals(), (Totals{0, 5000, 0, 5000}));
}

TEST(Auditor, TheLowestAmountCountsAndOnlyTheDifferenceIsHeld) {
  Story story;
  const auto low = story.add(load("p3", 4000, hours(3), "debit_card"));
  const auto high = story.add(load("p3", 4500, hours(3), "debit_card"));
  EXPECT_EQ(story.placed(low), "counted");
  EXPECT_EQ(story.placed(high), "held:amount_mismatch");
  const auto lower = story.add(record("cardco", "p3", 3000, hours(3), "debit_card"));
  const Expected is = story.expected();
  EXPECT_EQ(is.placed[low], "counted");
  EXPECT_EQ(is.counted[low], 3000);
  EXPECT_EQ(is.placed[lower], "held:amount_mismatch");
  EXPECT_EQ(is.totals.instant, 3000);
}

TEST(Auditor, TheCarrierIsTheWebhookThenTheLowestThenTheEarliest) {
  Story story;
  story.rules().minimum_minor = 1;
  const auto late = story.add(load("p1", 5000, hours(9)));
  const auto early = story.add(load("p1", 5000, hours(8)));
  EXPECT_EQ(story.placed(early), "counted");
  EXPECT_EQ(story.placed(late), "duplicate");
}

TEST(Auditor, OneIdentityOfTwoMembersIsTheFirstOnes) {
  Story story;
  const auto first = story.add(load("p1", 5000, hours(1)));
  const auto other = story.add(of("M2", load("p1", 5000, hours(1))));
  EXPECT_EQ(story.placed(first), "counted");
  EXPECT_EQ(story.placed(other), "");
  EXPECT_EQ(story.placed(other, 1), "held:identity_conflict");
  EXPECT_EQ(story.totals(1), Totals{});
}

// A webhook came while the file was applied, whose lines count as recorded when it was accepted.
TEST(Auditor, OfOneIdentityTheLineThatWasAppliedFirstStands) {
  Story story;
  Line second = record("cardco", "p1", 5000, hours(1));
  Line first = load("p1", 5000, hours(1));
  first.recorded_at = second.recorded_at + Duration::seconds(1);
  first.currency = "NZD";
  const auto dollars = story.add(first);
  EXPECT_EQ(story.placed(story.add(second)), "held:identity_conflict");
  EXPECT_EQ(story.placed(dollars), "excluded:currency");
}

TEST(Auditor, OneIdentityInTwoCurrenciesOrClassesIsAConflict) {
  Story story;
  story.history.providers.push_back({"mixed", {"npp", "apple_pay"}});
  const auto card = story.add(record("mixed", "x", 5000, hours(1)));
  const auto account = story.add(record("mixed", "x", 5000, hours(1), "npp"));
  Line foreign = record("mixed", "x", 5000, hours(1));
  foreign.currency = "NZD";
  const auto dollars = story.add(foreign);
  EXPECT_EQ(story.placed(card), "recovered");
  EXPECT_EQ(story.placed(account), "held:identity_conflict");
  EXPECT_EQ(story.placed(dollars), "excluded:currency");
}

TEST(Auditor, ContentIsValidatedBeforeIdentity) {
  Story story;
  Line future = load("p9", 5000, days(1));
  future.received_at = days(1) - Duration::minutes(5) - Duration::milliseconds(1);
  EXPECT_EQ(expect_outcome(story.history, story.add(future)), "rejected:future");
  EXPECT_EQ(expect_outcome(story.history, story.add(load("p9", 5000, days(1), "bpay"))),
            "rejected:unknown_rail");
  EXPECT_EQ(expect_outcome(story.history, story.add(load("p9", 0, days(1)))), "rejected:amount");
  EXPECT_EQ(expect_outcome(story.history, story.add(whole(load("p9", 1, days(1))))),
            "rejected:malformed");
  Line fee = load("p9", 5000, days(1));
  fee.kind = "fee";
  EXPECT_EQ(expect_outcome(story.history, story.add(fee)), "rejected:unknown_type");
  // They leave no trace: another member's load of that id is no conflict.
  const auto other = story.add(of("M2", load("p9", 1000, days(1))));
  EXPECT_EQ(story.placed(other, 1), "counted");
}

TEST(Auditor, ARailComesByThePathsThatItsProviderHasForIt) {
  Story story;
  story.history.providers.push_back(
      {"mixed", {"bpay", "npp", "apple_pay"}, {}, {"bpay"}, {"apple_pay"}});
  const auto sent = [&story](Line line) {
    line.provider = "mixed";
    return expect_outcome(story.history, story.add(line));
  };
  EXPECT_EQ(sent(load("x1", 1000, hours(1), "bpay")), "rejected:unknown_rail");
  EXPECT_EQ(sent(load("x2", 1000, hours(1), "npp")), "counted");
  EXPECT_EQ(sent(record("mixed", "x4", 1500, hours(1), "bpay")), "counted");
  EXPECT_EQ(sent(record("mixed", "x6", 1000, hours(1))), "rejected:unknown_rail");
}

TEST(Auditor, FiveMinutesAheadIsNotYetFuture) {
  Story story;
  Line ahead = load("p9", 5000, days(1));
  ahead.received_at = days(1) - Duration::minutes(5);
  EXPECT_EQ(expect_outcome(story.history, story.add(ahead)), "counted");
}

TEST(Auditor, WhatNobodyIsKnownForIsKept) {
  Story story;
  Line line = record("bankco", "b1", 5000, hours(1), "bpay");
  line.member = "";
  line.reference_type = "bpay_crn";
  line.reference = "777";
  const auto unclaimed = story.add(line);
  line.txn_id = "b2";
  line.reference = "12x";
  const auto malformed = story.add(line);
  const auto stranger = story.add(of("M9", load("p1", 5000, hours(1))));
  EXPECT_EQ(expect_outcome(story.history, unclaimed), "kept");
  EXPECT_EQ(expect_outcome(story.history, malformed), "held:malformed_reference");
  EXPECT_EQ(expect_outcome(story.history, stranger), "kept");
  story.history.claims.push_back({"bpay_crn", "777", "M1"});
  EXPECT_EQ(expect_outcome(story.history, unclaimed), "counted");
}

TEST(Auditor, AReferenceIsItsHoldersOfThatTime) {
  Story story;
  story.history.claims = {{"bpay_crn", "777", "M1", kT0, days(1)},
                          {"bpay_crn", "777", "M2", days(1)}};
  Line line = record("bankco", "b3", 700, hours(23), "bpay");
  line.member = "";
  line.reference_type = "bpay_crn";
  line.reference = "777";
  const auto before = story.add(line);
  line.txn_id = "b4";
  line.made_at.instant = hours(24);
  const auto after = story.add(line);
  EXPECT_EQ(story.placed(before, 0), "counted");
  EXPECT_EQ(story.placed(after, 0), "");
  EXPECT_EQ(story.placed(after, 1), "counted");
}

TEST(Auditor, TheOutcomeIsTheBestOfSeveralEnrolments) {
  Story story;
  Rules dollars{"usd", "USD"};
  dollars.rails = {"google_pay"};
  story.history.rules.push_back(dollars);
  story.history.enrolments.push_back({"w3", "M1", 1, kT0});
  Line line = load("p1", 5000, hours(1), "google_pay");
  const auto neither = story.add(line);
  line.txn_id = "p2";
  line.currency = "USD";
  const auto second = story.add(line);
  EXPECT_EQ(expect_outcome(story.history, neither), "excluded:rail");
  EXPECT_EQ(story.placed(second, 0), "excluded:rail");
  EXPECT_EQ(expect_outcome(story.history, second), "counted");
  EXPECT_EQ(better_of("confirmed", "applied"), "applied");  // as it counts for itself (ADR 0034)
  EXPECT_EQ(better_of("", "held:ambiguous_match"), "held:ambiguous_match");
}

TEST(Auditor, WhatIsNotTakenInIsLateUnlessExcludedAnyway) {
  Story story;
  const auto in_time = story.add(load("p1", 5000, days(1)));
  const auto late = story.add(load("p2", 5000, days(29)));
  const auto after = story.add(load("p3", 5000, days(30)));
  const Expected is =
      expect(story.history, 0, [in_time](std::size_t line) { return line == in_time; });
  EXPECT_EQ(is.placed[in_time], "counted");
  EXPECT_EQ(is.placed[late], "excluded:late");
  EXPECT_EQ(is.placed[after], "excluded:after_window");
  EXPECT_EQ(is.totals.instant, 5000);
}

}  // namespace
}  // namespace thaw::audit
