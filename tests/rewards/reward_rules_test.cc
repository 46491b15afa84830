// SPEC §2.7, rule by rule.
#include <gtest/gtest.h>

#include "reward_rig.h"

namespace thaw {
namespace {

using Cause = PointsUnknown::Cause;

TEST(RewardRules, a_refusal_for_now_is_retried_with_the_same_key_not_before_retry_after) {
  RewardRig world;
  const Instant start = world.now;
  world.points.script = {{false, PointsRetryLater{429, Duration::minutes(5)}}};
  world.run_for(Duration::minutes(5) - Duration{1});
  EXPECT_EQ(world.reward().state, RewardState::retrying);
  EXPECT_GE(world.reward().next_try_at, start + Duration::minutes(5));
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "error_429 issued");
}

TEST(RewardRules, a_connection_never_made_is_retried_without_asking) {
  RewardRig world;
  world.points.script = {{false, PointsNeverSent{}}, {false, PointsNeverSent{}}};
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "connection_failed connection_failed issued");
}

TEST(RewardRules, another_4xx_is_failed_with_dead_letter_and_case) {
  RewardRig world;
  world.points.script = {{false, PointsRefused{422}}};
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::failed);
  EXPECT_EQ(world.open_cases(), 1u);
  EXPECT_TRUE(world.points.paid.empty());
}

TEST(RewardRules, a_refusal_of_our_access_pauses_and_changes_no_reward) {
  RewardRig world;
  world.points.script = {{false, PointsPaused{401}}};
  while (*world.dispatcher->step() > 0) {
  }
  while (*world.worker->step()) {
  }
  EXPECT_TRUE(world.worker->is_paused());
  EXPECT_EQ(world.reward().state, RewardState::pending);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
}

TEST(RewardRules, never_sent_again_once_the_keys_life_is_over) {
  RewardRig world;
  for (int i = 0; i < 4000; ++i) {
    world.points.script.push_back({false, PointsUnknown{Cause::timeout, 0, {}}});
  }
  world.run_for(Duration::hours(30));
  EXPECT_EQ(world.reward().state, RewardState::unknown);
  EXPECT_TRUE(world.reward().in_case);
  EXPECT_EQ(world.open_cases(), 1u);
  const Reward reward = world.reward();
  // The last thing asked was a GET at or after the horizon.
  EXPECT_EQ(reward.attempts.back().call, RewardCall::get);
  EXPECT_GE(reward.attempts.back().at, reward.attempts.front().at + Duration::hours(24));
  const std::size_t calls = world.points.calls.size();
  world.restart();
  world.run_for(Duration::days(10));
  EXPECT_EQ(world.points.calls.size(), calls);
}

TEST(RewardRules, a_crash_in_the_last_question_at_the_horizon_leaves_a_case_not_silence) {
  RewardRig world;
  for (int i = 0; i < 4000; ++i) {
    world.points.script.push_back({false, PointsUnknown{Cause::timeout, 0, {}}});
  }
  world.run_for(Duration::hours(1));
  world.now = world.reward().attempts.front().at + Duration::hours(25);
  ASSERT_EQ(world.run(StartRewardAttempt{world.window, 1, RewardCall::get, {}}).code,
            ReplyCode::ok);
  world.restart();
  world.run_for(Duration::hours(1));
  EXPECT_TRUE(world.reward().in_case);
  EXPECT_EQ(world.open_cases(), 1u);
}

TEST(RewardRules, after_max_attempts_failed_if_nothing_can_have_arrived_else_unknown) {
  RewardRig refused;
  for (int i = 0; i < 100; ++i) refused.points.script.push_back({false, PointsNeverSent{}});
  refused.run_for(Duration::days(3));
  EXPECT_EQ(refused.reward().state, RewardState::failed);
  EXPECT_EQ(refused.reward().count_calls(RewardCall::post), 20);
  EXPECT_EQ(refused.open_cases(), 1u);
}

TEST(RewardRules, withdrawn_before_any_attempt_is_cancelled) {
  RewardRig world;
  while (*world.dispatcher->step() > 0) {
  }
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::cancelled);
  EXPECT_TRUE(world.points.calls.empty());
}

TEST(RewardRules, withdrawn_after_issue_is_taken_back) {
  RewardRig world;
  world.run_for(Duration::hours(1));
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::reversed);
  EXPECT_TRUE(world.points.paid.empty());
}

TEST(RewardRules, withdrawn_while_unknown_is_asked_for_and_taken_back_if_found) {
  RewardRig world;
  world.points.script = {{true, PointsUnknown{Cause::timeout, 0, {}}}};
  while (*world.dispatcher->step() > 0) {
  }
  (void)world.worker->step();
  ASSERT_EQ(world.reward().state, RewardState::unknown);
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "timeout found found");
  EXPECT_EQ(world.reward().state, RewardState::reversed);
  EXPECT_TRUE(world.points.paid.empty());
}

TEST(RewardRules, withdrawn_while_unknown_and_never_found_is_cancelled_after_the_horizon) {
  RewardRig world;
  world.points.script = {{false, PointsUnknown{Cause::timeout, 0, {}}}};
  while (*world.dispatcher->step() > 0) {
  }
  (void)world.worker->step();
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(2));
  EXPECT_NE(world.reward().state, RewardState::issued);
  world.run_for(Duration::days(2));
  EXPECT_EQ(world.reward().state, RewardState::cancelled);
  EXPECT_TRUE(world.points.paid.empty());
  for (std::size_t i = 1; i < world.points.calls.size(); ++i) {
    EXPECT_TRUE(world.points.calls[i].starts_with("GET")) << i;
  }
}

TEST(RewardRules, taken_back_and_qualified_again_by_two_persons_it_is_issued_under_another_key) {
  RewardRig world;
  world.run_for(Duration::hours(1));
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(1));
  ASSERT_EQ(world.reward().state, RewardState::reversed);
  world.revise(Outcome::qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.reward().idempotency_key, "cold-activation-" + world.window.text() + "-r2");
  EXPECT_EQ(world.points.paid.size(), 1u);
  world.revise(Outcome::not_qualified);
  world.revise(Outcome::qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().issue, 2) << "nothing had been sent back yet: it stands";
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(RewardRules, taken_back_and_qualified_again_by_itself_it_waits_for_two_persons) {
  RewardRig world(LatePolicy::auto_issue);
  world.run_for(Duration::hours(1));
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(1));
  world.revise_by_itself(Outcome::qualified);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::reversed);
  EXPECT_EQ(world.open_cases(), 1u);
  world.approve_case();
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(RewardRules, cancelled_and_qualified_again_it_is_sent_after_all) {
  RewardRig world;
  world.points.script = {{false, PointsRetryLater{429, Duration::hours(1)}}};
  while (*world.dispatcher->step() > 0) {
  }
  (void)world.worker->step();
  world.revise(Outcome::not_qualified);
  ASSERT_EQ(world.reward().state, RewardState::cancelled);
  world.revise(Outcome::qualified);
  world.run_for(Duration::hours(3));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(RewardRules, unknown_withdrawn_and_qualified_again_goes_on_where_it_was) {
  RewardRig world;
  world.points.script = {{false, PointsUnknown{Cause::timeout, 0, {}}}};
  while (*world.dispatcher->step() > 0) {
  }
  (void)world.worker->step();
  world.revise(Outcome::not_qualified);
  world.revise(Outcome::qualified);
  world.run_for(Duration::hours(3));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.reward().issue, 1);
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(RewardRules, qualified_again_while_it_is_taken_back_it_is_issued_again_after_that) {
  RewardRig world;
  world.run_for(Duration::hours(1));
  world.points.script = {{true, PointsUnknown{Cause::timeout, 0, {}}}};
  world.revise(Outcome::not_qualified);
  (void)world.worker->step();
  ASSERT_EQ(world.reward().state, RewardState::reversal_unknown);
  world.revise(Outcome::qualified);
  world.run_for(Duration::hours(3));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.reward().issue, 2);
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(RewardRules, a_refused_access_counts_for_nothing) {
  RewardRig world;
  for (int i = 0; i < 400; ++i) world.points.script.push_back({false, PointsPaused{401}});
  world.run_for(Duration::days(2));
  EXPECT_TRUE(world.worker->is_paused() || world.reward().state == RewardState::issued);
  EXPECT_EQ(world.open_cases(), 0u);
  world.points.script.clear();
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_FALSE(world.worker->is_paused());
}

TEST(RewardRules, no_attempt_is_started_while_the_member_is_on_hold) {
  RewardRig world;
  world.run(HoldMember{MemberId("M1"), true, "a question"});
  world.run_for(Duration::hours(1));
  EXPECT_TRUE(world.points.calls.empty());
  world.run(HoldMember{MemberId("M1"), false, ""});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
}

std::string letter_of(const RewardRig& world) {
  return world.reward().idempotency_key;
}

TEST(RewardRules, a_redriven_dead_letter_is_asked_for_and_then_sent) {
  RewardRig world;
  world.points.script = {{false, PointsRefused{422}}};
  world.run_for(Duration::hours(1));
  ASSERT_TRUE(world.reward().in_case);
  EXPECT_EQ(world.run(RedriveDeadLetter{"rewards", letter_of(world)}).code, ReplyCode::ok);
  EXPECT_EQ(world.open_cases(), 0u);
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "error_422 not_found issued");
  EXPECT_EQ(world.points.paid.size(), 1u);
  EXPECT_EQ(world.run(RedriveDeadLetter{"rewards", letter_of(world)}).code,
            ReplyCode::unknown_dead_letter);
}

TEST(RewardRules, a_redriven_reward_that_fails_again_opens_a_case_of_its_own) {
  RewardRig world;
  world.points.script = {{false, PointsRefused{422}}, {}, {false, PointsRefused{422}}};
  world.run_for(Duration::hours(1));
  const std::string first = world.reward().case_id;
  (void)world.run(RedriveDeadLetter{"rewards", letter_of(world)});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.results(), "error_422 not_found error_422");
  EXPECT_EQ(world.open_cases(), 1u);
  EXPECT_NE(world.reward().case_id, first);
}

TEST(RewardRules, redriven_after_the_keys_life_it_is_asked_for_and_never_sent) {
  RewardRig world;
  for (int i = 0; i < 4000; ++i) {
    world.points.script.push_back({false, PointsUnknown{Cause::timeout, 0, {}}});
  }
  world.run_for(Duration::hours(30));
  ASSERT_TRUE(world.reward().in_case);
  world.points.script.clear();
  (void)world.run(RedriveDeadLetter{"rewards", letter_of(world)});
  world.run_for(Duration::hours(30));
  EXPECT_EQ(world.reward().count_calls(RewardCall::post), 0) << "since the redrive";
  EXPECT_EQ(world.reward().attempts.back().result, "not_found");
  EXPECT_EQ(world.open_cases(), 1u);
}

TEST(RewardRules, redriven_when_it_had_been_paid_after_all_it_is_issued_once) {
  RewardRig world;
  world.points.script = {{true, PointsUnknown{Cause::timeout, 0, {}}}};
  for (int i = 0; i < 4000; ++i) {
    world.points.script.push_back({false, PointsUnknown{Cause::timeout, 0, {}}});
  }
  world.run_for(Duration::hours(30));
  ASSERT_TRUE(world.reward().in_case);
  world.points.script.clear();
  (void)world.run(RedriveDeadLetter{"rewards", letter_of(world)});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
  EXPECT_EQ(world.points.paid.size(), 1u);
}

TEST(RewardRules, attempts_count_anew_after_a_redrive) {
  RewardRig world;
  for (int i = 0; i < 20; ++i) world.points.script.push_back({false, PointsNeverSent{}});
  world.run_for(Duration::days(3));
  ASSERT_EQ(world.reward().state, RewardState::failed);
  (void)world.run(RedriveDeadLetter{"rewards", letter_of(world)});
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
}

TEST(RewardRules, to_redrive_all_and_to_lift_the_fence_takes_two_persons) {
  RewardRig world;
  world.points.script = {{false, PointsRefused{422}}};
  world.run_for(Duration::hours(1));
  for (const CommandBody& body :
       {CommandBody(RedriveAll{"rewards", {}}), CommandBody(SetFence{false, {}})}) {
    (void)world.run(SetFence{true, "a drill"});
    const auto asked = world.ledger.run(Command{body, "ann", true, {}});
    ASSERT_EQ(asked->code, ReplyCode::awaiting_approval);
    const auto resolve = [&](const char* who) {
      return world.ledger.run(Command{ResolveCase{asked->case_id, true, ""}, who, true, {}})->code;
    };
    EXPECT_EQ(resolve("ann"), ReplyCode::same_person);
    EXPECT_EQ(resolve("bob"), ReplyCode::ok);
  }
  world.run_for(Duration::hours(1));
  EXPECT_EQ(world.reward().state, RewardState::issued);
}

TEST(RewardRules, withdrawn_and_never_answered_it_ends_with_people) {
  RewardRig world;
  world.points.script = {{true, PointsUnknown{Cause::timeout, 0, {}}}};
  for (int i = 0; i < 4'000; ++i) {
    world.points.script.push_back({false, PointsUnknown{Cause::status, 503, {}}});
  }
  world.run_for(Duration::seconds(2));
  world.revise(Outcome::not_qualified);
  world.run_for(Duration::hours(30));
  EXPECT_TRUE(world.reward().in_case) << "it may be paid, and was not taken back";
}

TEST(RewardRules, a_clawback_that_is_never_answered_ends_with_people) {
  RewardRig world;
  world.run_for(Duration::hours(1));
  world.revise(Outcome::not_qualified);
  for (int i = 0; i < 4'000; ++i) {
    world.points.script.push_back({false, PointsUnknown{Cause::status, 500, {}}});
  }
  world.run_for(Duration::hours(30));
  EXPECT_EQ(world.reward().state, RewardState::reversal_unknown);
  EXPECT_TRUE(world.reward().in_case);
}

}  // namespace
}  // namespace thaw
