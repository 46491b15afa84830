// The closed lists of words: each value has a name of its own, which is read back as that value.

#include <gtest/gtest.h>

#include <set>

#include "domain/dead_letters.h"
#include "domain/events.h"
#include "domain/files.h"
#include "domain/ids.h"
#include "domain/keys.h"
#include "domain/reply.h"
#include "domain/vocabulary.h"

namespace thaw {
namespace {

template <typename Enum>
std::vector<Enum> list(Enum first, Enum last) {
  std::vector<Enum> values;
  for (int number = static_cast<int>(first); number <= static_cast<int>(last); ++number) {
    values.push_back(static_cast<Enum>(number));
  }
  return values;
}

template <typename Enum>
void expect_names(const std::vector<Enum>& values) {
  std::set<std::string_view> names;
  for (const Enum value : values) names.insert(to_string(value));
  EXPECT_EQ(names.size(), values.size());
  EXPECT_FALSE(names.contains(""));
}

template <typename Enum, typename Parse>
void expect_read_back(const std::vector<Enum>& values, Parse parse) {
  expect_names(values);
  for (const Enum value : values) EXPECT_EQ(parse(to_string(value)), value);
  EXPECT_FALSE(parse("no such word"));
}

TEST(Words, each_value_has_a_name_and_is_read_back) {
  expect_read_back(list(Rail::debit_card, Rail::npp), parse_rail);
  expect_read_back(list(LineKind::load, LineKind::correction), parse_line_kind);
  expect_read_back(list(WithdrawalPolicy::deduct, WithdrawalPolicy::disqualify),
                   parse_withdrawal_policy);
  expect_read_back(list(LatePolicy::review, LatePolicy::ignore), parse_late_policy);
  expect_read_back(list(EnrolmentState::active, EnrolmentState::cancelled), parse_enrolment_state);
  expect_read_back(list(Outcome::qualified, Outcome::in_review), parse_outcome);
  expect_read_back(list(CaseState::open, CaseState::closed_by_itself), parse_case_state);
  expect_read_back(list(CaseKind::approval, CaseKind::record_gone), parse_case_kind);
  expect_read_back(list(RewardState::pending, RewardState::reversal_failed), parse_reward_state);
  std::vector<Placed> placed = list(Placed::counted, Placed::kept);
  for (const Placed one : list(Placed::excluded_not_a_load, Placed::excluded_reverted)) {
    placed.push_back(one);
  }
  for (const Placed one : list(Placed::held_timing_uncertain, Placed::held_malformed_reference)) {
    placed.push_back(one);
  }
  for (const Placed one : list(Placed::rejected_future, Placed::rejected_malformed)) {
    placed.push_back(one);
  }
  expect_read_back(placed, parse_placed);
}

TEST(Words, each_value_has_a_name) {
  expect_names(list(RailClass::card, RailClass::account));
  expect_names(list(Path::webhook, Path::file));
  expect_names(list(CampaignStatus::draft, CampaignStatus::closed));
  expect_names(list(VerdictReason::disqualified_by_withdrawal, VerdictReason::too_many_lines));
  expect_names(list(FileStatus::applying, FileStatus::reverted));
  expect_names(list(EventType::enrolment_created, EventType::line_moved));
  expect_names(list(ReplyCode::ok, ReplyCode::draft_changed));
}

TEST(Words, the_better_outcome_of_a_line_is_the_one_that_spec_puts_first) {
  const Placed in_order[] = {Placed::counted,       Placed::recovered,
                             Placed::applied,       Placed::confirmed,
                             Placed::duplicate,     Placed::held_timing_uncertain,
                             Placed::kept,          Placed::excluded_rail,
                             Placed::excluded_late, Placed::rejected_future};
  for (std::size_t i = 0; i < std::size(in_order); ++i) {
    for (std::size_t j = 0; j < std::size(in_order); ++j) {
      EXPECT_EQ(is_better(in_order[i], in_order[j]), i < j) << i << " " << j;
    }
  }
}

TEST(Words, a_placement_is_of_one_group_at_most) {
  const auto groups_of = [](Placed placed) {
    std::string groups;
    if (is_excluded(placed)) groups += "excluded";
    if (is_held(placed)) groups += "held";
    if (is_rejected(placed)) groups += "rejected";
    return groups;
  };
  const auto expect_all = [&](Placed first, Placed last, const char* group) {
    for (const Placed placed : list(first, last)) {
      EXPECT_EQ(groups_of(placed), group) << to_string(placed);
    }
  };
  expect_all(Placed::counted, Placed::kept, "");
  expect_all(Placed::excluded_not_a_load, Placed::excluded_reverted, "excluded");
  expect_all(Placed::held_timing_uncertain, Placed::held_malformed_reference, "held");
  expect_all(Placed::rejected_future, Placed::rejected_malformed, "rejected");
}

TEST(Words, every_rail_is_of_a_card_or_of_an_account) {
  for (const Rail rail : list(Rail::debit_card, Rail::google_pay)) {
    EXPECT_EQ(class_of(rail), RailClass::card);
  }
  for (const Rail rail : list(Rail::bpay, Rail::npp)) EXPECT_EQ(class_of(rail), RailClass::account);
}

TEST(WindowIds, name_their_campaign_member_and_start) {
  const auto parts = parse_window_id("cold.M1.1761955200000");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->campaign.text(), "cold");
  EXPECT_EQ(parts->member.text(), "M1");
  EXPECT_EQ(parts->enrolled_at.ms, 1'761'955'200'000);
  for (const char* wrong :
       {"", "cold", "cold.M1", "COLD x.M1.1", ".M1.1", "cold..1", "cold.M1.", "cold.M1.x",
        "cold.M1.1x", "cold.M1.01", "cold.M1.-1", "cold.M1.99999999999999999999", "cold.M 1.1"}) {
    EXPECT_FALSE(parse_window_id(wrong)) << wrong;
  }
}

TEST(Keys, rows_of_a_kind_stand_under_its_prefix) {
  const MemberId member("M1");
  const WindowId window("cold.M1.1761955200000");
  EXPECT_TRUE(keys::reward(member, window).starts_with(keys::rewards()));
  EXPECT_TRUE(keys::file(FileId("f")).starts_with(keys::files()));
  EXPECT_TRUE(keys::blocked_by("case", window).starts_with(keys::all_blocked()));
  EXPECT_FALSE(keys::file_line(FileId("f"), 1).starts_with(keys::files()));
  EXPECT_FALSE(keys::reward_not_final(member, Instant{1}, window, 1).starts_with(keys::rewards()));
}

TEST(TimerItems, are_read_as_they_are_made) {
  const WindowId window("cold.M1.1761955200000");
  const auto timer = parse_timer_item(make_timer_item(Instant{1234}, window));
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->due, Instant{1234});
  EXPECT_EQ(timer->window, window);
  for (const char* wrong : {"", "12", "cold.M1.1@", "cold.M1.1@x", "cold.M1.1@1x"}) {
    EXPECT_FALSE(parse_timer_item(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace thaw
