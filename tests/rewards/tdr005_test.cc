// The five scenarios that TDR-005 asks for, by name.
#include <gtest/gtest.h>

#include "reward_rig.h"

namespace thaw {
namespace {

using Cause = PointsUnknown::Cause;

TEST(Tdr005, crash_after_the_conditional_write) {
  RewardRig world;
  while (*world.dispatcher->step() > 0) {
  }
  ASSERT_EQ(world.reward().state, RewardState::pending);
  world.restart();
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.points.paid.size(), 1u);
  EXPECT_EQ(world.points.calls.size(), 1u);
}

TEST(Tdr005, crash_between_attempt_and_answer) {
  RewardRig world;
  while (*world.dispatcher->step() > 0) {
  }
  // The attempt is durable, the call was made and paid; its answer died with the process.
  world.run(StartRewardAttempt{world.window, 1, RewardCall::post, {}});
  world.points.issue({"M1", 2000, make_reward_key(world.window, 1), "cold"});
  world.restart();
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.results(), "no_answer found");
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(Tdr005, api_returns_500_then_succeeds_on_retry) {
  RewardRig world;
  world.points.script = {{false, PointsUnknown{Cause::status, 500, {}}}};
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.results(), "error_500 not_found issued");
  for (const std::string& call : world.points.calls) {
    EXPECT_TRUE(call.ends_with(make_reward_key(world.window, 1))) << call;
  }
}

TEST(Tdr005, duplicate_queue_messages) {
  RewardRig world;
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.run(RequestReward{world.window}).code, ReplyCode::reward_exists);
  world.worker->notice(world.window);
  world.worker->notice(world.window);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.points.calls.size(), 1u);
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(Tdr005, connection_broken_during_the_call_before_the_partner_acted) {
  RewardRig world;
  world.points.script = {{false, PointsUnknown{Cause::no_answer, 0, {}}}};
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "no_answer not_found issued");
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(Tdr005, connection_broken_during_the_call_after_the_partner_acted) {
  RewardRig world;
  world.points.script = {{true, PointsUnknown{Cause::no_answer, 0, {}}}};
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "no_answer found");
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(Tdr005, conditional_write_refused_on_retry) {
  RewardRig world;
  while (*world.dispatcher->step() > 0) {
  }
  const auto first = world.ledger.start({RequestReward{world.window}, {}, false, {}});
  EXPECT_EQ(first.write_set.reply.code, ReplyCode::reward_exists);
  EXPECT_TRUE(first.write_set.is_empty());
  // Two writers at once: the second write finds the row there and is refused by the store itself.
  const auto a = world.ledger.start(
      {StartRewardAttempt{world.window, 1, RewardCall::post, {}}, {}, false, {}});
  const auto b = world.ledger.start(
      {StartRewardAttempt{world.window, 1, RewardCall::post, {}}, {}, false, {}});
  ASSERT_TRUE(world.ledger.commit(a));
  const auto refused = world.ledger.commit(b);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(world.reward().attempts.size(), 1u);
}

}  // namespace
}  // namespace thaw
