#include "app/demo/expectation.h"

#include <gtest/gtest.h>

#include "app/demo/population.h"

namespace thaw::demo {
namespace {

const CardReports kPlain{.may_vary = false};

/// A member who enrolled at 4 March, 10:00 UTC.
class ExpectationTest : public testing::Test {
 protected:
  ExpectationTest() { b_.enrol_at(at_utc(3, 4, 10)); }

  Instant day(int days) const { return life_.enrolled_at + Duration::days(days); }
  Verdict verdict() const { return expect(life_).verdict; }
  std::int64_t qualifying() const { return expect(life_).qualifying; }

  Life life_;
  Random random_{7};
  Situations situations_;
  LifeBuilder b_{life_, 1, random_, situations_};
};

TEST_F(ExpectationTest, a_cent_decides) {
  b_.pay_by_card(day(1), 49'999, kPlain);
  EXPECT_EQ(verdict(), Verdict::not_qualified);
  EXPECT_EQ(expect(life_).cause, Cause::too_little);
  b_.pay_by_card(day(2), 2'000, kPlain);
  EXPECT_EQ(verdict(), Verdict::qualified);
  EXPECT_EQ(qualifying(), 51'999);
}

TEST_F(ExpectationTest, a_load_below_the_minimum_does_not_count) {
  b_.pay_by_card(day(1), 49'000, kPlain);
  b_.pay_by_card(day(2), 1'999, kPlain);
  EXPECT_EQ(qualifying(), 49'000);
  EXPECT_EQ(expect(life_).cause, Cause::several);
}

TEST_F(ExpectationTest, the_window_has_its_first_instant_and_not_its_end) {
  b_.pay_by_card(life_.enrolled_at - Duration{1}, 3'000, kPlain);
  b_.pay_by_card(life_.enrolled_at, 4'000, kPlain);
  b_.pay_by_card(life_.window_ends() - Duration{1}, 5'000, kPlain);
  b_.pay_by_card(life_.window_ends(), 6'000, kPlain);
  EXPECT_EQ(qualifying(), 9'000);
}

TEST_F(ExpectationTest, a_date_alone_counts_when_any_part_of_its_day_is_inside) {
  const Instant morning = start_of_sydney_day({2026, 3, 4}) + Duration::hours(8);
  ASSERT_LT(morning, life_.enrolled_at);
  b_.pay_by_bank(Rail::bpay, morning, 50'000);
  EXPECT_EQ(verdict(), Verdict::qualified);
}

TEST_F(ExpectationTest, a_settlement_date_partly_inside_is_held) {
  b_.pay_by_bank(Rail::bpay, day(1), 50'000, {.stated = StatedTime::not_at_all});
  EXPECT_EQ(verdict(), Verdict::in_review);
  EXPECT_EQ(qualifying(), 0);
}

TEST_F(ExpectationTest, money_under_way_over_easter_is_waited_for) {
  b_.pay_by_bank(Rail::bank_transfer, at_utc(4, 2, 12), 50'000);
  ASSERT_GT(life_.movements.front().record->recorded_at, life_.decides());
  EXPECT_EQ(verdict(), Verdict::qualified);
  EXPECT_TRUE(expect(life_).waited_for_files);
}

TEST_F(ExpectationTest, what_is_told_after_the_verdict_asks_for_a_revision) {
  const std::size_t load = b_.pay_by_card(day(3), 50'000, kPlain);
  b_.movement(load).record.reset();
  b_.movement(load).webhooks.front().delivered_at = life_.decides() + kSlot;
  EXPECT_EQ(verdict(), Verdict::not_qualified);
  EXPECT_TRUE(expect(life_).is_revision_proposed);
  EXPECT_EQ(expect(life_).cause, Cause::reported_late);
}

TEST_F(ExpectationTest, withdrawals_in_grace_are_set_against_grace_loads) {
  b_.pay_by_card(day(3), 60'000, kPlain);
  b_.withdraw(life_.window_ends() + Duration::hours(2), 20'000, true);
  EXPECT_EQ(qualifying(), 40'000);
  EXPECT_EQ(expect(life_).cause, Cause::taken_out);
  b_.pay_by_card(life_.window_ends() + Duration::hours(1), 15'000, kPlain);
  EXPECT_EQ(qualifying(), 55'000);
}

TEST_F(ExpectationTest, a_chargeback_takes_its_part) {
  const std::size_t load = b_.pay_by_card(day(3), 60'000, kPlain);
  b_.reverse(load, day(6), 20'000, ReversalBy::both);
  EXPECT_EQ(qualifying(), 40'000);
  EXPECT_EQ(expect(life_).cause, Cause::charged_back);
}

TEST_F(ExpectationTest, of_two_amounts_the_lower_counts_and_the_rest_is_held) {
  const std::size_t load = b_.pay_by_card(day(3), 49'000, kPlain);
  b_.movement(load).webhooks.push_back({slot_from(day(4)), 51'000});
  EXPECT_EQ(qualifying(), 49'000);
  EXPECT_EQ(verdict(), Verdict::in_review);
}

TEST_F(ExpectationTest, a_correction_states_the_new_amount) {
  const std::size_t load = b_.pay_by_bank(Rail::bpay, day(3), 60'000);
  b_.correct(load, 6'000);
  EXPECT_EQ(qualifying(), 6'000);
}

TEST(Sydney, the_fifth_of_april_has_25_hours) {
  EXPECT_EQ(start_of_sydney_day({2026, 4, 6}) - start_of_sydney_day({2026, 4, 5}),
            Duration::hours(25));
  EXPECT_EQ(sydney_text(summer_time_ends() - Duration::minutes(30)),
            "2026-04-05T02:30:00.000+11:00");
  EXPECT_EQ(sydney_text(summer_time_ends() + Duration::minutes(30)),
            "2026-04-05T02:30:00.000+10:00");
  EXPECT_EQ(sydney_date(at_utc(4, 5, 13, 59)), (CivilDate{2026, 4, 5}));
  EXPECT_EQ(sydney_date(at_utc(4, 5, 14)), (CivilDate{2026, 4, 6}));
}

TEST(Sydney, no_bank_opens_over_easter) {
  EXPECT_EQ(bank_day_after({2026, 4, 2}), (CivilDate{2026, 4, 7}));
}

}  // namespace
}  // namespace thaw::demo
