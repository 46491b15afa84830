#include "app/demo/population.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "app/demo/expectation.h"

namespace thaw::demo {
namespace {

const Population& thousand() {
  static const Population kPopulation = make_population(1, 3'000);
  return kPopulation;
}

TEST(Population, one_seed_gives_one_population) {
  const Population again = make_population(1, 3'000);
  EXPECT_EQ(again.situations, thousand().situations);
  EXPECT_NE(make_population(2, 3'000).situations, thousand().situations);
  for (std::size_t i = 0; i < again.lives.size(); ++i) {
    ASSERT_EQ(again.lives[i].movements.size(), thousand().lives[i].movements.size());
    ASSERT_EQ(expect(again.lives[i]).qualifying, expect(thousand().lives[i]).qualifying);
  }
}

TEST(Population, enrolments_are_told_of_in_a_slot_and_within_a_day) {
  for (const Life& life : thousand().lives) {
    EXPECT_EQ(life.posted_at.ms % kSlot.ms, 0);
    EXPECT_GE(life.posted_at, life.enrolled_at);
    EXPECT_LT(life.posted_at - life.enrolled_at, Duration::hours(24));
    EXPECT_GE(life.enrolled_at, enrolment_opens());
    EXPECT_LT(life.enrolled_at, enrolment_closes());
  }
}

TEST(Population, nothing_is_reported_before_it_happened_or_after_the_month) {
  for (const Life& life : thousand().lives) {
    for (const Movement& m : life.movements) {
      EXPECT_TRUE(m.record || !m.webhooks.empty()) << life.member << " " << life.story;
      for (const WebhookReport& webhook : m.webhooks) {
        EXPECT_GE(webhook.delivered_at, m.made_at);
        EXPECT_LE(webhook.delivered_at, month_ends());
        EXPECT_EQ(webhook.delivered_at.ms % kSlot.ms, 0);
      }
      if (!m.record) continue;
      EXPECT_GE(m.record->recorded_at, m.made_at) << life.member << " " << life.story;
      EXPECT_LE(m.record->recorded_at, month_ends());
    }
  }
}

TEST(Population, only_twins_are_equal_card_payments) {
  for (const Life& life : thousand().lives) {
    std::multiset<std::int64_t> amounts;
    for (const Movement& m : life.movements) {
      if (m.kind == MovementKind::load && is_card(m.rail)) amounts.insert(m.minor);
    }
    for (const std::int64_t minor : amounts) EXPECT_LE(amounts.count(minor), 2U) << life.member;
  }
}

TEST(Population, identities_are_unique) {
  std::set<std::string> ids;
  for (const Life& life : thousand().lives) {
    for (const Movement& m : life.movements) {
      if (!m.webhooks.empty()) {
        EXPECT_TRUE(ids.insert(m.id).second) << m.id;
      }
      if (m.record && !m.record->id.empty()) {
        EXPECT_TRUE(ids.insert(m.record->id).second) << m.record->id;
      }
    }
  }
}

TEST(Population, every_situation_and_every_story_comes_about) {
  EXPECT_GE(thousand().situations.size(), 28U);
  std::set<std::string> told;
  for (const Life& life : thousand().lives) told.insert(life.story);
  for (const Story& story : stories()) EXPECT_TRUE(told.contains(story.name)) << story.name;
  EXPECT_TRUE(told.contains("ordinary"));
}

TEST(Population, verdicts_of_each_kind_are_expected) {
  std::map<Verdict, int> verdicts;
  std::set<Cause> causes;
  int revisions = 0;
  int waited = 0;
  for (const Life& life : thousand().lives) {
    const Expectation expected = expect(life);
    ++verdicts[expected.verdict];
    causes.insert(expected.cause);
    revisions += expected.is_revision_proposed ? 1 : 0;
    waited += expected.waited_for_files && expected.verdict == Verdict::qualified ? 1 : 0;
  }
  EXPECT_GT(verdicts[Verdict::qualified], 1'200);
  EXPECT_GT(verdicts[Verdict::not_qualified], 900);
  EXPECT_GT(verdicts[Verdict::in_review], 10);
  EXPECT_EQ(causes.size(), 8U);
  EXPECT_GT(revisions, 20);
  EXPECT_GT(waited, 50);
}

}  // namespace
}  // namespace thaw::demo
