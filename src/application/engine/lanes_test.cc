#include "application/engine/lanes.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

QueuedPtr make_command(const std::string& principal) {
  return std::make_unique<QueuedCommand>(Command{SettleMember{}, principal, false, {}}, nullptr);
}

TEST(Lanes, a_full_lane_refuses_and_others_do_not) {
  Lanes lanes(2);
  EXPECT_TRUE(lanes.push(Lane::import, make_command("a")));
  EXPECT_TRUE(lanes.push(Lane::import, make_command("b")));
  EXPECT_FALSE(lanes.push(Lane::import, make_command("c")));
  EXPECT_TRUE(lanes.push(Lane::requests, make_command("d")));
}

TEST(Lanes, each_lane_has_its_share_of_a_group) {
  Lanes lanes(1000);
  for (int i = 0; i < 500; ++i) lanes.push(Lane::import, make_command("import"));
  for (int i = 0; i < 500; ++i) lanes.push(Lane::requests, make_command("request"));
  lanes.push(Lane::timers, make_command("timer"));
  lanes.push(Lane::rewards, make_command("reward"));
  std::map<std::string, int> taken;
  for (const QueuedPtr& queued : lanes.take(64)) ++taken[queued->command.principal];
  EXPECT_EQ(taken["timer"], 1);
  EXPECT_EQ(taken["reward"], 1);
  EXPECT_GE(taken["import"], 8);
  EXPECT_GE(taken["request"], 32);
  EXPECT_EQ(taken["request"] + taken["import"], 62);
}

TEST(Lanes, one_lane_alone_fills_the_group_in_order) {
  Lanes lanes(1000);
  for (int i = 0; i < 100; ++i) lanes.push(Lane::import, make_command(std::to_string(i)));
  const auto taken = lanes.take(64);
  ASSERT_EQ(taken.size(), 64u);
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(taken[static_cast<std::size_t>(i)]->command.principal, std::to_string(i));
  EXPECT_EQ(lanes.take(64).size(), 36u);
  EXPECT_TRUE(lanes.is_empty());
}

}  // namespace
}  // namespace thaw
