#include "adapters/clock/clock.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(ManualClock, moves_forward_only) {
  ManualClock clock(Instant{1000});
  EXPECT_TRUE(clock.move_to(Instant{1000}));
  EXPECT_TRUE(clock.move_to(Instant{1500}));
  EXPECT_FALSE(clock.move_to(Instant{1499}));
  EXPECT_EQ(clock.now(), Instant{1500});
}

TEST(WallClock, is_in_this_century) {
  const auto now = WallClock().now();
  EXPECT_GT(now, Instant{1'600'000'000'000});
  EXPECT_LT(now, Instant{4'102'444'800'000});
}

TEST(Monotonic, does_not_go_back) {
  const std::int64_t before = monotonic_ns();
  EXPECT_LE(before, monotonic_ns());
  EXPECT_GT(since_boot_ms(), 0);
}

}  // namespace
}  // namespace thaw
