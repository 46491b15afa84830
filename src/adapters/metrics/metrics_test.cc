#include "adapters/metrics/metrics.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(Metrics, one_family_a_name) {
  EXPECT_EQ(render_metrics({{"thaw_lane_waiting", "Commands.", false, 3, {{"lane", "requests"}}},
                            {"thaw_lane_waiting", "Commands.", false, 0, {{"lane", "timers"}}},
                            {"thaw_records_total", "Records.", true, 7, {}}}),
            "# HELP thaw_lane_waiting Commands.\n"
            "# TYPE thaw_lane_waiting gauge\n"
            "thaw_lane_waiting{lane=\"requests\"} 3\n"
            "thaw_lane_waiting{lane=\"timers\"} 0\n"
            "# HELP thaw_records_total Records.\n"
            "# TYPE thaw_records_total counter\n"
            "thaw_records_total 7\n");
}

}  // namespace
}  // namespace thaw
