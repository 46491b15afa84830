#include "app/bench/latencies.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(Latencies, say_what_so_many_of_a_thousand_do_not_exceed) {
  Latencies latencies;
  EXPECT_EQ(latencies.at_per_mille(500), 0);
  for (int ms = 100; ms >= 1; --ms) latencies.add_ns(ms * 1'000'000LL);
  EXPECT_DOUBLE_EQ(latencies.at_per_mille(500), 50);
  EXPECT_DOUBLE_EQ(latencies.at_per_mille(990), 99);
  EXPECT_DOUBLE_EQ(latencies.at_per_mille(1000), 100);
  latencies.add_ns(200'000'000, 900);
  EXPECT_DOUBLE_EQ(latencies.at_per_mille(101), 200);
  EXPECT_EQ(latencies.count(), 1000u);
}

}  // namespace
}  // namespace thaw
