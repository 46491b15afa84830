#include "application/timers/clock_guard.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_ledger.h"
#include "domain/commands.h"

namespace thaw {
namespace {

const Instant kStart{1'762'000'000'000};

class ClockGuardTest : public ::testing::Test {
 protected:
  /// Both clocks go on.
  void pass(Duration time) {
    reading_.wall = reading_.wall + time;
    reading_.since_boot_ms += time.ms;
  }
  /// Somebody sets the wall clock.
  void step(Duration by) { reading_.wall = reading_.wall + by; }
  bool allows(ClockGuard& guard) { return guard.allows_timers().value(); }

  ClockReading reading_{kStart, 1'000'000, "boot-1"};
  MemoryLedger ledger_{[this] { return reading_.wall; }};
  std::function<ClockReading()> read_ = [this] { return reading_; };
};

TEST_F(ClockGuardTest, a_time_that_just_passes_is_no_step) {
  ClockGuard guard(ledger_, read_);
  EXPECT_TRUE(allows(guard));
  for (int hour = 0; hour < 50; ++hour) {
    pass(Duration::minutes(57));
    EXPECT_TRUE(allows(guard));
  }
}

TEST_F(ClockGuardTest, a_step_forward_holds_timers_until_a_person_has_looked) {
  ClockGuard guard(ledger_, read_);
  EXPECT_TRUE(allows(guard));
  step(Duration::seconds(60));
  EXPECT_TRUE(allows(guard)) << "60 s are tolerated";
  step(Duration::milliseconds(1));
  EXPECT_FALSE(allows(guard));
  step(Duration::hours(-1));
  EXPECT_FALSE(allows(guard)) << "set right again, but nobody has looked";
  ASSERT_TRUE(ledger_.run(Command{ReleaseClock{reading_}, "ops", false, {}}));
  EXPECT_TRUE(allows(guard));
  pass(Duration::hours(5));
  EXPECT_TRUE(allows(guard));
}

TEST_F(ClockGuardTest, a_step_back_is_no_reason_to_hold) {
  ClockGuard guard(ledger_, read_);
  EXPECT_TRUE(allows(guard));
  step(Duration::days(-3));
  EXPECT_TRUE(allows(guard));
}

TEST_F(ClockGuardTest, a_step_while_the_process_was_down_is_seen_within_the_same_boot) {
  ClockGuard before(ledger_, read_);
  EXPECT_TRUE(allows(before));
  pass(Duration::minutes(10));
  step(Duration::minutes(5));
  ClockGuard after(ledger_, read_);
  EXPECT_FALSE(allows(after));
  ClockGuard once_more(ledger_, read_);
  EXPECT_FALSE(allows(once_more)) << "a restart does not lift it";
}

TEST_F(ClockGuardTest, another_boot_or_a_long_rest_is_no_step) {
  ClockGuard before(ledger_, read_);
  EXPECT_TRUE(allows(before));
  pass(Duration::days(9));
  ClockGuard rested(ledger_, read_);
  EXPECT_TRUE(allows(rested));
  reading_ = {reading_.wall + Duration::days(20), 5'000, "boot-2"};
  ClockGuard rebooted(ledger_, read_);
  EXPECT_TRUE(allows(rebooted));
}

TEST_F(ClockGuardTest, a_manual_clock_is_exempt) {
  reading_.boot.clear();
  ClockGuard guard(ledger_, read_);
  EXPECT_TRUE(allows(guard));
  step(Duration::days(30));
  EXPECT_TRUE(allows(guard));
}

TEST_F(ClockGuardTest, release_takes_two_persons) {
  ClockGuard guard(ledger_, read_);
  EXPECT_TRUE(allows(guard));
  step(Duration::hours(1));
  EXPECT_FALSE(allows(guard));
  const auto first = ledger_.run(Command{ReleaseClock{reading_}, "ann", true, {}});
  ASSERT_EQ(first->code, ReplyCode::awaiting_approval);
  EXPECT_FALSE(allows(guard));
  const auto same = ledger_.run(Command{ResolveCase{first->case_id, true, ""}, "ann", true, {}});
  EXPECT_EQ(same->code, ReplyCode::same_person);
  const auto other = ledger_.run(Command{ResolveCase{first->case_id, true, ""}, "bob", true, {}});
  EXPECT_EQ(other->code, ReplyCode::ok);
  EXPECT_TRUE(allows(guard));
}

}  // namespace
}  // namespace thaw
