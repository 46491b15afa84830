// SPEC §2.7: what a restore may have lost. The fence, and what is asked for because of it.

#include "domain/reward_world_for_test.h"

namespace thaw {
namespace {

using Fences = RewardWorld;

/// A restore may have lost the call: nobody knows that nothing was paid.
TEST_F(Fences, withdrawn_behind_a_fence_before_any_call_it_is_asked_for) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(SetFence{true, "restored"});
  run(RequestReward{enrolment.id});
  withdraw(enrolment);
  EXPECT_TRUE(is_queued(enrolment));
  call(enrolment, RewardCall::get, RewardAnswer::retry_later);
  EXPECT_TRUE(is_queued(enrolment)) << "not answered yet";
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::reversing);
}

TEST_F(Fences, withdrawn_behind_a_fence_and_not_found_it_is_cancelled) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(SetFence{true, "restored"});
  run(RequestReward{enrolment.id});
  withdraw(enrolment);
  call(enrolment, RewardCall::get, RewardAnswer::not_found);
  EXPECT_EQ(state(enrolment), RewardState::cancelled);
  EXPECT_FALSE(is_queued(enrolment));
}

TEST_F(Fences, requested_behind_a_fence_of_a_verdict_that_fell_meanwhile_it_is_asked_for) {
  const Enrolment enrolment = decide_as(Outcome::not_qualified);
  run(SetFence{true, "restored"});
  run(RequestReward{enrolment.id});
  EXPECT_TRUE(is_queued(enrolment));
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::reversing);
}

TEST_F(Fences, qualified_again_behind_a_fence_it_is_asked_for_before_it_counts_as_issued) {
  const Enrolment enrolment = issue_first();
  withdraw_behind_fence(enrolment);  // the reversal had been made, and is lost
  flip(Outcome::qualified);
  run(RequestReward{enrolment.id});
  EXPECT_TRUE(is_queued(enrolment));
  call(enrolment, RewardCall::get, RewardAnswer::found_reversed);
  EXPECT_EQ(cases_in(CaseState::open).size(), 1u);
}

TEST_F(Fences, a_404_too_long_after_a_call_that_may_be_lost_is_no_leave_to_send) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(SetFence{true, "restored"});
  now_ = now_ + RewardPolicy{}.idempotency_horizon;  // on hold: the partner may have forgotten it
  call(enrolment, RewardCall::get, RewardAnswer::not_found);
  run(SetFence{false, ""});
  EXPECT_EQ(code(attempt(enrolment, RewardCall::post)), ReplyCode::stale_attempt);
  EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::unknown);
}

TEST_F(Fences, agreed_to_for_one_fence_its_lifting_does_not_lift_the_next) {
  run(SetFence{true, "restored"});
  const Reply proposed = run(SetFence{false, ""}, "ann", true);
  now_ = now_ + Duration::minutes(1);
  run(SetFence{true, "failed over"});
  EXPECT_EQ(run(ResolveCase{proposed.case_id, true, ""}, "bob", true).code, ReplyCode::invalid);
  EXPECT_TRUE(find<Fence>(keys::fence())->is_up);
}

TEST_F(Fences, a_fence_is_raised_at_once_and_lifted_by_two) {
  EXPECT_EQ(run(SetFence{true, "restored"}, "ann", true).code, ReplyCode::ok);
  EXPECT_EQ(run(SetFence{true, "restored again"}, "ann", true).code, ReplyCode::ok);
  const Reply proposed = run(SetFence{false, ""}, "ann", true);
  EXPECT_EQ(proposed.code, ReplyCode::awaiting_approval);
  EXPECT_TRUE(find<Fence>(keys::fence())->is_up);
  EXPECT_EQ(run(ResolveCase{proposed.case_id, true, ""}, "ann", true).code, ReplyCode::same_person);
  EXPECT_EQ(run(ResolveCase{proposed.case_id, true, ""}, "bob", true).code, ReplyCode::ok);
  EXPECT_FALSE(find<Fence>(keys::fence())->is_up);
}

}  // namespace
}  // namespace thaw
