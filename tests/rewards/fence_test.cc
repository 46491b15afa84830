// SPEC §2.7: what a restore may have lost is asked for before anything is sent; and first in, first
// out for each member, fence or not.
#include <gtest/gtest.h>

#include "domain/keys.h"
#include "reward_rig.h"

namespace thaw {
namespace {

TEST(Fence, fenced_rewards_are_asked_for_and_sent_only_after_the_fence_is_lifted) {
  RewardRig world;
  world.run(SetFence{true, "restored"});
  world.run_for(Duration::hours(2));
  EXPECT_EQ(world.results(), "not_found");
  EXPECT_TRUE(world.points.paid.empty());
  world.run(SetFence{false, "checked"});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "not_found issued");
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(Fence, a_fenced_reward_that_was_paid_before_is_recorded_not_sent) {
  RewardRig world;
  world.points.paid.emplace(make_reward_key(world.window, 1),
                            2000);  // by the life before the restore
  world.run(SetFence{true, "restored"});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "found");
  EXPECT_EQ(world.reward().state, RewardState::issued);
}

/// A key is asked for wherever a call of it may have been lost, also once the fence is lifted.
TEST(Fence, a_fence_lifted_before_the_reward_was_asked_for_does_not_send_it_unasked) {
  RewardRig world;
  world.points.paid.emplace(make_reward_key(world.window, 1), 2000);  // by a call that was lost
  world.run(SetFence{true, "restored"});
  world.run(HoldMember{MemberId("M1"), true, "asked"});
  world.run_for(Duration::hours(1));
  world.run(SetFence{false, ""});
  world.run(HoldMember{MemberId("M1"), false, ""});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.results(), "found");
}

TEST(Fence, a_reward_requested_after_the_fence_was_lifted_is_asked_for) {
  RewardRig world;
  world.points.paid.emplace(make_reward_key(world.window, 1), 2000);
  world.run(SetFence{true, "restored"});
  world.run(SetFence{false, ""});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "found");
}

TEST(Fence, a_fence_raised_again_while_it_is_up_asks_again) {
  RewardRig world;
  world.run(SetFence{true, "restored"});
  world.run_for(Duration::hours(1));
  ASSERT_EQ(world.results(), "not_found");
  world.points.paid.emplace(make_reward_key(world.window, 1), 2000);  // lifted, paid, restored
  world.run(SetFence{true, "restored again"});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "not_found found");
}

TEST(Fence, failed_and_withdrawn_behind_a_fence_it_stays_with_people) {
  RewardRig world;
  world.points.script = {{false, PointsRefused{422}}};
  world.run_for(Duration::hours(1));
  ASSERT_EQ(world.reward().state, RewardState::failed);
  world.run(SetFence{true, "restored"});  // what was redriven and paid since is lost
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::failed);
  EXPECT_TRUE(world.reward().in_case);
}

/// The member's window in another campaign, decided after the first.
class SecondWindow {
 public:
  explicit SecondWindow(RewardRig& world) : world_(world), loads_("x", world.now) {
    id = world.decide(CampaignId("hot"), LatePolicy::review, loads_);
    world.run_for(Duration::minutes(1));
  }

  void revise(Outcome to) {
    world_.run(loads_.next(to));
    world_.approve_case();
  }
  Reward reward(std::int64_t issue) const {
    const auto row = world_.ledger.rows().find(keys::reward(MemberId("M1"), id, issue));
    if (row == world_.ledger.rows().end()) return {};
    return decode<Reward>(row->second.bytes).value_or(Reward{});
  }

  WindowId id;

 private:
  RewardRig& world_;
  CardLoads loads_;
};

/// First in, first out for each member: the second window's reward is renewed while it waits.
TEST(Fence, an_issue_that_follows_while_an_earlier_reward_holds_it_up_is_not_forgotten) {
  RewardRig world;
  world.run(HoldMember{MemberId("M1"), true, "asked"});
  world.run_for(Duration::minutes(1));
  SecondWindow second(world);
  second.revise(Outcome::not_qualified);
  ASSERT_EQ(second.reward(1).state, RewardState::cancelled);
  second.revise(Outcome::qualified);
  ASSERT_EQ(second.reward(2).state, RewardState::pending);
  world.run(HoldMember{MemberId("M1"), false, ""});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(second.reward(2).state, RewardState::issued);
}

TEST(Fence, what_waits_behind_another_while_the_fence_is_up_is_asked_for_afterwards) {
  RewardRig world;
  world.run(SetFence{true, "restored"});
  world.run_for(Duration::hours(1));
  SecondWindow second(world);
  world.run(SetFence{true, "restored again"});
  world.points.paid.emplace(make_reward_key(second.id, 1), 2000);
  world.run_for(Duration::hours(1));
  world.run(SetFence{false, ""});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(second.reward(1).state, RewardState::issued);
  EXPECT_EQ(second.reward(1).attempts.front().call, RewardCall::get);
}

}  // namespace
}  // namespace thaw
