#include "sim/auditor/review.h"

#include <gtest/gtest.h>

#include "sim/auditor/story_for_test.h"

// SPEC §2.6, "on the first verdict's lines as resolved"; docs/adr/0034, 17.
namespace thaw::audit {
namespace {

class AuditorReview : public testing::Test {
 protected:
  /// All that is added from here on comes after the verdict.
  void decide() { of_verdict_ = story.history.lines.size(); }

  bool takes_in(std::size_t line) const {
    const auto of_verdict = [this](std::size_t one) { return one < of_verdict_; };
    return lines_of_review(story.history, 0, of_verdict, [](std::size_t) { return true; })[line];
  }

  Story story;

 private:
  std::size_t of_verdict_ = 0;
};

TEST_F(AuditorReview, WhatSpeaksOfNoLineOfTheVerdictIsLeftOut) {
  const auto before = story.add(load("p1", 5000, days(1)));
  decide();
  const auto other = story.add(load("p2", 5000, days(2)));
  const auto of_another = story.add(of("M2", load("p3", 5000, days(2))));
  EXPECT_TRUE(takes_in(before));
  EXPECT_FALSE(takes_in(other));
  EXPECT_FALSE(takes_in(of_another));
}

TEST_F(AuditorReview, TheSamePaymentOnceMoreIsTakenIn) {
  story.add(load("p1", 5000, days(1)));
  decide();
  Line once_more = record("cardco", "p1", 4000, days(1));
  EXPECT_TRUE(takes_in(story.add(once_more)));
}

TEST_F(AuditorReview, TheRecordThatConfirmsOneIsTakenInAndWhatNamesThat) {
  story.add(load("p5", 3300, days(5)));
  decide();
  EXPECT_TRUE(takes_in(story.add(record("netset", "n5", 3300, days(5)))));
  EXPECT_TRUE(takes_in(story.add(reversing(record("netset", "nr5", 3300, days(6)), "n5"))));
}

TEST_F(AuditorReview, TheLoadThatARecordConfirmsIsTakenIn) {
  story.add(record("netset", "n5", 3300, days(5)));
  decide();
  EXPECT_TRUE(takes_in(story.add(load("p5", 3300, days(5)))));
}

TEST_F(AuditorReview, WhatReversesOneIsTakenInAndWhatReversesALaterOneIsNot) {
  story.add(load("p1", 5000, days(1)));
  decide();
  story.add(load("p2", 5000, days(1)));
  EXPECT_TRUE(takes_in(story.add(reversing(load("r1", 5000, days(2)), "p1"))));
  EXPECT_FALSE(takes_in(story.add(reversing(load("r2", 5000, days(2)), "p2"))));
}

TEST_F(AuditorReview, AnOrphanOfTheVerdictWhoseRecordComesLaterIsGone) {
  const auto orphan = story.add(reversing(load("r2", 5000, days(2)), "p2"));
  decide();
  EXPECT_TRUE(takes_in(orphan));
  story.add(load("p2", 5000, days(1)));
  EXPECT_FALSE(takes_in(orphan));
}

TEST_F(AuditorReview, OneThatSaysItMeansAWithdrawalSpeaksOfNoLoad) {
  story.add(load("p1", 5000, days(1)));
  decide();
  EXPECT_FALSE(takes_in(story.add(reversing(load("r1", 5000, days(2)), "p1", "withdrawal"))));
}

}  // namespace
}  // namespace thaw::audit
