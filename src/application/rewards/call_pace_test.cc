#include "application/rewards/call_pace.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

class CallPaceTest : public ::testing::Test {
 protected:
  CallPace make(CallPaceOptions options) {
    return {options, [this] { return now_ms_; }};
  }
  static void fail(CallPace& pace, int times) {
    for (int i = 0; i < times; ++i) {
      if (pace.take()) pace.note_trouble();
    }
  }
  std::int64_t now_ms_ = 1'000;
};

TEST_F(CallPaceTest, lets_so_many_calls_through_a_second) {
  CallPace pace = make({.rate_max = 50});
  int calls = 0;
  for (int i = 0; i < 2'000; ++i, ++now_ms_) {
    if (!pace.take()) continue;
    ++calls;
    pace.note_well();
  }
  EXPECT_GE(calls, 99);
  EXPECT_LE(calls, 101);
}

TEST_F(CallPaceTest, after_a_rest_a_tenth_of_a_second_may_come_at_once) {
  CallPace pace = make({.rate_max = 100});
  now_ms_ += 60'000;
  int calls = 0;
  while (pace.take()) ++calls;
  EXPECT_EQ(calls, 10);
}

TEST_F(CallPaceTest, opens_after_failures_in_a_row_only) {
  CallPace pace = make({.failures_max = 3});
  fail(pace, 2);
  pace.note_well();
  fail(pace, 2);
  EXPECT_FALSE(pace.is_open());
  fail(pace, 1);
  EXPECT_TRUE(pace.is_open());
  EXPECT_FALSE(pace.take());
}

TEST_F(CallPaceTest, an_open_circuit_lets_one_call_try_after_each_longer_rest) {
  CallPace pace = make({.failures_max = 3});
  fail(pace, 3);
  now_ms_ += 1'000;
  EXPECT_TRUE(pace.take());
  EXPECT_FALSE(pace.take()) << "one at a time";
  pace.note_trouble();
  now_ms_ += 1'999;
  EXPECT_FALSE(pace.take());
  now_ms_ += 1;
  EXPECT_TRUE(pace.take());
  pace.note_well();
  EXPECT_FALSE(pace.is_open());
  EXPECT_TRUE(pace.take());
}

TEST_F(CallPaceTest, the_rest_has_a_limit) {
  CallPace pace = make({.failures_max = 1});
  fail(pace, 1);
  for (int i = 0; i < 20; ++i) {
    now_ms_ += 30'000;
    ASSERT_TRUE(pace.take());
    pace.note_trouble();
  }
}

TEST_F(CallPaceTest, calls_that_left_before_it_opened_do_not_lengthen_the_rest) {
  CallPace pace = make({.failures_max = 2});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(pace.take());
  for (int i = 0; i < 10; ++i) pace.note_trouble();
  now_ms_ += 1'000;
  EXPECT_TRUE(pace.take());
}

TEST_F(CallPaceTest, a_step_that_called_nobody_gives_its_turn_back) {
  CallPace pace = make({.rate_max = 1, .failures_max = 1});
  ASSERT_TRUE(pace.take());
  pace.give_back();
  ASSERT_TRUE(pace.take());
  pace.note_trouble();
  now_ms_ += 5'000;
  ASSERT_TRUE(pace.take());
  pace.give_back();
  EXPECT_TRUE(pace.take()) << "the probe is still to be made";
}

}  // namespace
}  // namespace thaw
