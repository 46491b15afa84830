#include "sim/campaign/campaign_sim.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(CampaignSim, each_payment_counts_once_and_each_qualified_window_is_paid_once) {
  std::set<std::string> reached;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const SimReport report = simulate_campaign(seed, 12);
    for (const std::string& violation : report.violations) {
      ADD_FAILURE() << "seed " << seed << ": " << violation;
    }
    reached.insert(report.reached.begin(), report.reached.end());
    if (testing::Test::HasFailure()) break;
  }
  for (const std::string& point : required_points()) {
    EXPECT_TRUE(reached.contains(point)) << "never reached: " << point;
  }
}

TEST(CampaignSim, one_seed_gives_one_log) {
  const SimReport once = simulate_campaign(7, 8);
  EXPECT_EQ(once.log_hash, simulate_campaign(7, 8).log_hash);
  EXPECT_NE(once.log_hash, simulate_campaign(8, 8).log_hash);
}

}  // namespace
}  // namespace thaw
