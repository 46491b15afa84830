#include "sim/auditor/window.h"

#include <gtest/gtest.h>

#include "sim/auditor/calendar.h"
#include "sim/auditor/story_for_test.h"

// SPEC §2.3: the window, its edges, and times that are intervals. It is [2025-11-01T00:00Z,
// 2025-12-01T00:00Z), from 11:00 to 11:00 in Sydney.
namespace thaw::audit {
namespace {

constexpr Duration kInstant = Duration::milliseconds(1);

TEST(AuditorWindow, TheFirstInstantCountsTheEndDoesNot) {
  Story story;
  EXPECT_EQ(story.placed(story.add(load("a", 2000, kT0 - kInstant))), "excluded:before_window");
  EXPECT_EQ(story.placed(story.add(load("b", 2000, kT0))), "counted");
  EXPECT_EQ(story.placed(story.add(load("c", 2000, days(30) - kInstant))), "counted");
  EXPECT_EQ(story.placed(story.add(load("d", 2000, days(30)))), "excluded:after_window");
}

TEST(AuditorWindow, ADateAloneCountsWhenAnyPartOfItsDayLiesInside) {
  Story story;
  const auto placed_on = [&story](const char* on) {
    return story.placed(story.add(record("bankco", on, 1000, Stated{{}, date(on)}, "bpay")));
  };
  EXPECT_EQ(placed_on("2025-10-31"), "excluded:before_window");
  EXPECT_EQ(placed_on("2025-11-01"), "counted");
  EXPECT_EQ(placed_on("2025-12-01"), "counted");
  EXPECT_EQ(placed_on("2025-12-02"), "excluded:after_window");
}

TEST(AuditorWindow, ASettlementDateStandsForTheDaysOfTheLagBeforeIt) {
  Story story;
  EXPECT_EQ(story.placed(story.add(settled("d5", 1000, "2025-11-20"))), "counted");
  EXPECT_EQ(story.placed(story.add(settled("d6", 1000, "2025-11-04"))), "held:timing_uncertain");
  EXPECT_EQ(story.placed(story.add(settled("d7", 1000, "2025-10-31"))), "excluded:before_window");
  EXPECT_EQ(story.placed(story.add(settled("d8", 1000, "2025-11-07"))), "counted");
  EXPECT_EQ(story.placed(story.add(settled("d9", 1000, "2025-12-06"))), "held:timing_uncertain");
  EXPECT_EQ(story.placed(story.add(settled("e1", 1000, "2025-12-07"))), "excluded:after_window");
}

TEST(AuditorWindow, AWebhooksInstantReplacesAnInterval) {
  Story story;
  const auto shown = story.add(settled("d6", 1000, "2025-11-04"));
  Line sent = load("d6", 1000, kT0 - kInstant, "bpay");
  sent.provider = "bankco";
  const auto instant = story.add(sent);
  EXPECT_EQ(story.placed(instant), "excluded:before_window");
  EXPECT_EQ(story.placed(shown), "confirmed");
}

TEST(AuditorWindow, ReasonsThatApplyTogetherTheFirstInOrder) {
  Story story;
  story.rules().minimum_minor = 1000;
  Line line = load("a", 999, days(30), "google_pay");
  line.currency = "NZD";
  EXPECT_EQ(story.placed(story.add(line)), "excluded:rail");
  line.txn_id = "b";
  line.rail = "apple_pay";
  EXPECT_EQ(story.placed(story.add(line)), "excluded:after_window");
  line.txn_id = "c";
  line.made_at.instant = days(1);
  EXPECT_EQ(story.placed(story.add(line)), "excluded:currency");
  line.txn_id = "d";
  line.currency = "AUD";
  EXPECT_EQ(story.placed(story.add(line)), "excluded:below_minimum");
}

TEST(AuditorWindow, ALoadCountsUpToTheMaximum) {
  Story story;
  story.rules().maximum_counted_minor = 30000;
  const auto large = story.add(load("a", 30100, days(1)));
  EXPECT_EQ(story.expected().counted[large], 30000);
  EXPECT_EQ(story.totals().instant, 30000);
}

TEST(AuditorWindow, TheMinimumIsHeldAgainstTheLowestAmount) {
  Story story;
  story.rules().minimum_minor = 10000;
  const auto high = story.add(load("a2", 10000, days(2)));
  const auto low = story.add(load("a2", 5000, days(2)));
  EXPECT_EQ(story.placed(low), "excluded:below_minimum");
  EXPECT_EQ(story.placed(high), "held:amount_mismatch");
  const auto higher = story.add(load("a3", 6000, days(2)));
  story.add(load("a3", 5000, days(2)));
  EXPECT_EQ(story.placed(higher), "excluded:below_minimum");
}

TEST(AuditorCalendar, SydneyChangesOnFirstSundays) {
  const auto starts = [](const char* on) {
    return to_rfc3339(start_of_day(date(on), "Australia/Sydney"));
  };
  EXPECT_EQ(starts("2025-10-05"), "2025-10-04T14:00:00.000Z");  // 23 hours long
  EXPECT_EQ(starts("2025-10-06"), "2025-10-05T13:00:00.000Z");
  EXPECT_EQ(starts("2026-04-05"), "2026-04-04T13:00:00.000Z");  // 25 hours long
  EXPECT_EQ(starts("2026-04-06"), "2026-04-05T14:00:00.000Z");
  EXPECT_EQ(starts("2026-01-01"), "2025-12-31T13:00:00.000Z");
  EXPECT_EQ(starts("2028-10-02"), "2028-10-01T13:00:00.000Z");  // the first is a Sunday
  EXPECT_EQ(starts("2029-04-02"), "2029-04-01T14:00:00.000Z");
  EXPECT_EQ(local_date(*parse_rfc3339("2025-10-04T15:59:59.999Z"), "Australia/Sydney"),
            date("2025-10-05"));
  EXPECT_EQ(local_date(*parse_rfc3339("2026-04-05T13:59:59.999Z"), "Australia/Sydney"),
            date("2026-04-05"));
  EXPECT_EQ(local_date(*parse_rfc3339("2026-04-05T14:00:00.000Z"), "Australia/Sydney"),
            date("2026-04-06"));
}

}  // namespace
}  // namespace thaw::audit
