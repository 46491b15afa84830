#include "sim/campaign/campaign_sim.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

void run_seeds(SimLedger ledger, std::uint64_t seeds) {
  SimOptions options;
  options.ledger = ledger;
  std::int64_t crashes = 0;
  WindowEnds ends;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const SimReport report = simulate_campaign(seed, options);
    for (const std::string& violation : report.violations) {
      ADD_FAILURE() << "seed " << seed << ": " << violation;
    }
    crashes += report.crashes;
    ends.add(report.ends);
    EXPECT_EQ(report.ends.sum(), report.windows) << "seed " << seed;
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_GT(crashes, static_cast<std::int64_t>(seeds) / 2);
  for (const WindowEnd end : {WindowEnd::paid_once, WindowEnd::on_hold, WindowEnd::in_case,
                              WindowEnd::not_qualified, WindowEnd::cancelled}) {
    EXPECT_GT(ends.of(end), 0) << kWindowEnds[static_cast<std::size_t>(end)].name;
  }
}

TEST(CampaignSim, every_promise_holds_over_the_memory_ledger) {
  run_seeds(SimLedger::memory, 60);
}

TEST(CampaignSim, every_promise_holds_over_the_engine_on_a_disk_that_fails) {
  run_seeds(SimLedger::engine, 60);
}

TEST(CampaignSim, one_seed_gives_one_log) {
  for (const SimLedger ledger : {SimLedger::memory, SimLedger::engine}) {
    const SimOptions options{ledger, {8, {}, {}}, {}};
    const SimReport once = simulate_campaign(7, options);
    EXPECT_EQ(once.log_hash, simulate_campaign(7, options).log_hash);
    EXPECT_NE(once.log_hash, simulate_campaign(8, options).log_hash);
  }
}

TEST(CampaignSim, a_world_of_one_member_is_a_world) {
  SimOptions options{SimLedger::memory, {}, {}};
  options.world.members = 1;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(simulate_campaign(seed, options).violations, std::vector<std::string>()) << seed;
  }
}

TEST(CampaignSim, a_run_is_the_same_whether_it_is_read_or_not) {
  for (const SimLedger ledger : {SimLedger::memory, SimLedger::engine}) {
    SimOptions options{ledger, {}, {}};
    const SimReport unread = simulate_campaign(3, options);
    std::string story;
    options.trace = [&story](const std::string& line) { story += line + '\n'; };
    EXPECT_EQ(simulate_campaign(3, options).log_hash, unread.log_hash);
    for (const char* part : {"enrol M", "webhook: load ", "file netset-", " is enrolled under ",
                             "VERDICT ", "RewardAttemptStarted", "partner: issue ", "FileAccepted ",
                             "the process died", "the process is up"}) {
      EXPECT_NE(story.find(part), std::string::npos) << part;
    }
  }
}

TEST(CampaignSim, of_a_restore_the_trace_tells_the_fence) {
  SimOptions options;
  std::string story;
  options.trace = [&story](const std::string& line) { story += line + '\n'; };
  for (std::uint64_t seed = 1; story.find(" is restored, up to #") == story.npos; ++seed) {
    ASSERT_LT(seed, 60U);
    story.clear();
    (void)simulate_campaign(seed, options);
  }
  const std::size_t up = story.find("the fence is up: restored");
  ASSERT_NE(up, story.npos);
  EXPECT_NE(story.find("the fence is down: looked at", up), story.npos);
}

TEST(CampaignSim, a_number_is_printed_beside_its_own_words) {
  for (std::size_t i = 0; i < kWindowEnds.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kWindowEnds[i].end), i) << kWindowEnds[i].name;
  }
}

}  // namespace
}  // namespace thaw
