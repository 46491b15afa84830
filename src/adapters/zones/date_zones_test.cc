#include "adapters/zones/date_zones.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(DateZones, sydney_days_across_dst) {
  const DateZones zones;
  ASSERT_TRUE(zones.knows("Australia/Sydney"));
  EXPECT_FALSE(zones.knows("Mars/Base"));
  // Summer time ends on 2026-04-05, which is 25 h long, and begins on 2025-10-05, 23 h long.
  const auto length = [&](CivilDate date, CivilDate next) {
    return zones.start_of(next, "Australia/Sydney") - zones.start_of(date, "Australia/Sydney");
  };
  EXPECT_EQ(length({2026, 4, 5}, {2026, 4, 6}), Duration::hours(25));
  EXPECT_EQ(length({2025, 10, 5}, {2025, 10, 6}), Duration::hours(23));
  EXPECT_EQ(to_rfc3339(zones.start_of({2025, 11, 3}, "Australia/Sydney")),
            "2025-11-02T13:00:00.000Z");
  EXPECT_EQ(zones.date_of(*parse_rfc3339("2025-11-02T12:59:59.999Z"), "Australia/Sydney"),
            (CivilDate{2025, 11, 2}));
  EXPECT_EQ(zones.date_of(*parse_rfc3339("2025-11-02T13:00:00Z"), "Australia/Sydney"),
            (CivilDate{2025, 11, 3}));
}

}  // namespace
}  // namespace thaw
