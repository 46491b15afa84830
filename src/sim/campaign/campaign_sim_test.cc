#include "sim/campaign/campaign_sim.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

void run_seeds(SimLedger kind, std::uint64_t seeds) {
  std::set<std::string> reached;
  std::int64_t crashes = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const SimReport report = simulate_campaign(seed, 12, kind);
    for (const std::string& violation : report.violations) {
      ADD_FAILURE() << "seed " << seed << ": " << violation;
    }
    reached.insert(report.reached.begin(), report.reached.end());
    crashes += report.crashes;
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_GT(crashes, static_cast<std::int64_t>(seeds) / 2);
  for (const std::string& point : required_points()) {
    EXPECT_TRUE(reached.contains(point)) << "never reached: " << point;
  }
}

TEST(CampaignSim, each_payment_counts_once_and_each_qualified_window_is_paid_once) {
  run_seeds(SimLedger::memory, 120);
}

TEST(CampaignSim, the_same_over_the_engine_on_a_disk_that_loses_what_was_not_synced) {
  run_seeds(SimLedger::engine, 120);
}

TEST(CampaignSim, one_seed_gives_one_log) {
  for (const SimLedger kind : {SimLedger::memory, SimLedger::engine}) {
    const SimReport once = simulate_campaign(7, 8, kind);
    EXPECT_EQ(once.log_hash, simulate_campaign(7, 8, kind).log_hash);
    EXPECT_NE(once.log_hash, simulate_campaign(8, 8, kind).log_hash);
  }
}

}  // namespace
}  // namespace thaw
