// SPEC §2.7: what becomes of a reward whose verdict is revised, and revised back.

#include "domain/rewarding.h"

#include "domain/reward_world_for_test.h"

namespace thaw {
namespace {

using Rewarding = RewardWorld;

TEST_F(Rewarding, of_no_enrolment_there_is_none) {
  enrol("M1");
  for (const char* window : {"rubbish", "cold.M9.1", "cold.M1.1"}) {
    EXPECT_EQ(code(RequestReward{WindowId(window)}), ReplyCode::unknown_enrolment) << window;
  }
}

TEST_F(Rewarding,
       asked_for_after_the_verdict_fell_it_is_cancelled_and_renewed_if_that_rises_again) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  flip(Outcome::not_qualified);  // between the verdict's event and what follows it
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::created);
  EXPECT_EQ(state(enrolment), RewardState::cancelled);
  flip(Outcome::qualified);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment, 2), RewardState::pending);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::reward_exists);
}

TEST_F(Rewarding, issued_though_withdrawn_it_is_told_as_issued_and_then_taken_back) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  call(enrolment, RewardCall::post, RewardAnswer::unknown);
  flip(Outcome::not_qualified);
  EXPECT_EQ(code(WithdrawReward{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::unknown) << "asked for first";
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::reversing);
  EXPECT_EQ(count_events(EventType::reward_issued), 1);
  call(enrolment, RewardCall::reversal, RewardAnswer::retry_later);
  EXPECT_EQ(state(enrolment), RewardState::reversing);
  EXPECT_EQ(count_events(EventType::reward_issued), 1) << "a mere retry is no news";
  call(enrolment, RewardCall::reversal, RewardAnswer::unknown);
  EXPECT_EQ(state(enrolment), RewardState::reversal_unknown);
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::reversing) << "not taken back yet";
  EXPECT_EQ(count_events(EventType::reward_issued), 1) << "it was told before";
  call(enrolment, RewardCall::reversal, RewardAnswer::issued);
  EXPECT_EQ(state(enrolment), RewardState::reversed);
  EXPECT_EQ(count_events(EventType::reward_reversed), 1);
}

TEST_F(Rewarding, answered_as_issued_after_it_was_withdrawn_it_is_told_as_issued) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(attempt(enrolment, RewardCall::post));
  withdraw(enrolment);
  run(answer(enrolment, 1, RewardAnswer::issued));
  EXPECT_EQ(state(enrolment), RewardState::reversing);
  EXPECT_EQ(count_events(EventType::reward_issued), 1);
}

TEST_F(Rewarding, withdrawn_before_its_call_could_leave_it_is_cancelled) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(attempt(enrolment, RewardCall::post));
  withdraw(enrolment);
  run(answer(enrolment, 1, RewardAnswer::never_sent));
  EXPECT_EQ(state(enrolment), RewardState::cancelled);
}

TEST_F(Rewarding, withdrawn_while_it_is_asked_for_it_waits_for_the_answer) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(SetFence{true, "restored"});
  const Reply asked = run(attempt(enrolment, RewardCall::get));
  run(SetFence{false, ""});
  withdraw(enrolment);
  EXPECT_TRUE(is_queued(enrolment));
  run(answer(enrolment, asked.count, RewardAnswer::not_found));
  EXPECT_EQ(state(enrolment), RewardState::cancelled);
}

TEST_F(Rewarding, asked_for_before_it_is_taken_back_it_is_not_told_as_issued_again) {
  const Enrolment enrolment = issue_first();
  withdraw_behind_fence(enrolment);
  call(enrolment, RewardCall::get, RewardAnswer::retry_later);
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::reversing);
  EXPECT_EQ(count_events(EventType::reward_issued), 1);
}

TEST_F(Rewarding, qualified_again_while_it_is_asked_for_it_stays_issued_once_that_is_told) {
  const Enrolment enrolment = issue_first();
  for (const RewardAnswer told :
       {RewardAnswer::found_issued, RewardAnswer::retry_later, RewardAnswer::unknown}) {
    withdraw_behind_fence(enrolment);
    const Reply asked = run(attempt(enrolment, RewardCall::get));
    ASSERT_EQ(asked.code, ReplyCode::ok);
    flip(Outcome::qualified);
    EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::ok);
    EXPECT_TRUE(is_queued(enrolment)) << "or a crash would leave the question open for good";
    run(answer(enrolment, asked.count, told));
    if (told != RewardAnswer::found_issued) {
      EXPECT_TRUE(is_queued(enrolment)) << "a reversal may have been lost";
      call(enrolment, RewardCall::get, RewardAnswer::found_issued);
    }
    EXPECT_EQ(state(enrolment), RewardState::issued);
    EXPECT_FALSE(is_queued(enrolment));
    EXPECT_EQ(count_events(EventType::reward_issued), 1);
    run(SetFence{false, ""});
    now_ = now_ + Duration::minutes(1);
  }
}

TEST_F(Rewarding, found_reversed_though_it_stays_issued_it_is_offered_to_people) {
  const Enrolment enrolment = issue_first();
  withdraw_behind_fence(enrolment);
  const Reply asked = run(attempt(enrolment, RewardCall::get));
  flip(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(answer(enrolment, asked.count, RewardAnswer::found_reversed));
  EXPECT_EQ(state(enrolment), RewardState::reversed);
  ASSERT_EQ(cases_in(CaseState::open).size(), 1u);
  EXPECT_EQ(code(ResolveCase{cases_in(CaseState::open).front().id, true, ""}), ReplyCode::created);
  EXPECT_EQ(state(enrolment, 2), RewardState::pending);
}

TEST_F(Rewarding, not_found_though_it_stays_issued_it_goes_to_people) {
  const Enrolment enrolment = issue_first();
  withdraw_behind_fence(enrolment);
  const Reply asked = run(attempt(enrolment, RewardCall::get));
  flip(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(answer(enrolment, asked.count, RewardAnswer::not_found));
  EXPECT_EQ(state(enrolment), RewardState::reversal_failed);
  EXPECT_TRUE(reward(enrolment)->in_case);
}

TEST_F(Rewarding, whose_clawback_failed_and_that_is_wanted_again_stays_issued_when_redriven) {
  const Enrolment enrolment = issue_first();
  withdraw(enrolment);
  call(enrolment, RewardCall::reversal, RewardAnswer::refused);
  ASSERT_EQ(state(enrolment), RewardState::reversal_failed);
  flip(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
  call(enrolment, RewardCall::get, RewardAnswer::unknown);
  EXPECT_EQ(state(enrolment), RewardState::reversal_unknown) << "it may have been taken back";
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::issued);
}

TEST_F(Rewarding, failed_then_wanted_again_it_is_not_taken_back_when_redriven) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  call(enrolment, RewardCall::post, RewardAnswer::unknown);
  call(enrolment, RewardCall::get, RewardAnswer::refused);
  withdraw(enrolment);
  flip(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::issued);
}

TEST_F(Rewarding, offered_again_and_refused_it_is_offered_anew_when_it_qualifies_again) {
  CampaignRules by_itself = rules_;
  by_itself.late_policy = LatePolicy::auto_issue;
  run(DraftCampaign{by_itself});
  run(PublishCampaign{by_itself.id, {}});
  const Enrolment enrolment = take_back_first();
  record_late(Outcome::qualified);
  run(RequestReward{enrolment.id});
  ASSERT_EQ(cases_in(CaseState::open).size(), 1u);
  run(ResolveCase{cases_in(CaseState::open).front().id, false, "no"});
  withdraw(enrolment);
  record_late(Outcome::qualified);
  run(RequestReward{enrolment.id});
  EXPECT_EQ(cases_in(CaseState::open).size(), 1u);
}

TEST_F(Rewarding, qualified_again_before_the_clawback_began_it_stays_issued) {
  const Enrolment enrolment = issue_first();
  withdraw(enrolment);
  flip(Outcome::qualified);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::issued);
  EXPECT_FALSE(reward(enrolment)->is_withdrawn);
}

TEST_F(Rewarding, qualified_again_while_it_is_taken_back_it_is_issued_anew_once_that_has_ended) {
  const Enrolment enrolment = issue_first();
  withdraw(enrolment);
  call(enrolment, RewardCall::reversal, RewardAnswer::retry_later);
  flip(Outcome::qualified);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::reversing) << "the clawback ends first";
  EXPECT_FALSE(reward(enrolment, 2));
  call(enrolment, RewardCall::reversal, RewardAnswer::issued);
  EXPECT_EQ(state(enrolment), RewardState::reversed);
  EXPECT_EQ(state(enrolment, 2), RewardState::pending);
}

TEST_F(Rewarding, taken_back_whose_verdict_stays_not_qualified_it_is_not_issued_anew) {
  const Enrolment enrolment = take_back_first();
  EXPECT_EQ(state(enrolment), RewardState::reversed);
  EXPECT_FALSE(reward(enrolment, 2));
}

TEST_F(Rewarding, qualified_again_by_no_person_it_is_offered_to_people_after_a_clawback) {
  CampaignRules by_itself = rules_;
  by_itself.late_policy = LatePolicy::auto_issue;
  run(DraftCampaign{by_itself});
  run(PublishCampaign{by_itself.id, {}});
  const Enrolment enrolment = take_back_first();
  record_late(Outcome::qualified);
  ASSERT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::ok);
  EXPECT_FALSE(reward(enrolment, 2));
  ASSERT_EQ(cases_in(CaseState::open).size(), 1u);
  EXPECT_EQ(code(ResolveCase{cases_in(CaseState::open).front().id, true, ""}), ReplyCode::created);
  EXPECT_EQ(state(enrolment, 2), RewardState::pending);
}

TEST_F(Rewarding, refused_after_a_call_that_may_have_arrived_it_stays_with_people_when_withdrawn) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  call(enrolment, RewardCall::post, RewardAnswer::unknown);
  call(enrolment, RewardCall::get, RewardAnswer::refused);
  ASSERT_EQ(state(enrolment), RewardState::failed);
  flip(Outcome::not_qualified);
  EXPECT_EQ(code(WithdrawReward{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::failed);
  EXPECT_TRUE(reward(enrolment)->in_case);
  EXPECT_TRUE(reward(enrolment)->is_withdrawn);
}

TEST_F(Rewarding, whose_enrolment_is_lost_it_is_withdrawn_and_not_renewed) {
  const Enrolment enrolment = issue_first();
  write([&](Work& work) {
    work.erase(keys::member(MemberId("M1")));
    return work.finish({});
  });
  EXPECT_EQ(code(WithdrawReward{enrolment.id}), ReplyCode::ok);
  call(enrolment, RewardCall::reversal, RewardAnswer::issued);
  EXPECT_EQ(state(enrolment), RewardState::reversed);
  EXPECT_FALSE(reward(enrolment, 2));
}

TEST_F(Rewarding, whose_enrolment_is_lost_it_is_taken_back_when_redriven) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  call(enrolment, RewardCall::post, RewardAnswer::unknown);
  call(enrolment, RewardCall::get, RewardAnswer::refused);
  write([&](Work& work) {
    work.erase(keys::member(MemberId("M1")));
    return work.finish({});
  });
  run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  EXPECT_EQ(state(enrolment), RewardState::reversing);
}

TEST_F(Rewarding, whose_decision_is_lost_it_is_offered_to_people) {
  const Enrolment enrolment = take_back_first();
  flip(Outcome::qualified);
  write([&](Work& work) {
    work.erase(keys::decision(enrolment.id, 3));
    return work.finish({});
  });
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::ok);
  EXPECT_FALSE(reward(enrolment, 2));
  EXPECT_EQ(cases_in(CaseState::open).size(), 1u);
}

TEST_F(Rewarding, a_second_issue_that_is_there_is_not_written_over) {
  const Enrolment enrolment = issue_first();
  withdraw(enrolment);
  run(attempt(enrolment, RewardCall::reversal));
  flip(Outcome::qualified);
  write([&](Work& work) {  // as no command would
    Reward second = *reward(enrolment);
    second.issue = 2;
    second.reference = "there";
    work.put(keys::reward(second.member, second.window, 2), second);
    return work.finish({});
  });
  run(answer(enrolment, 2, RewardAnswer::issued));
  EXPECT_EQ(state(enrolment), RewardState::reversed);
  EXPECT_EQ(reward(enrolment, 2)->reference, "there");
}

TEST_F(Rewarding, known_as_paid_by_a_question_only_it_is_not_cancelled) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(SetFence{true, "restored"});
  run(RequestReward{enrolment.id});
  call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  run(SetFence{false, ""});
  withdraw(enrolment);
  call(enrolment, RewardCall::reversal, RewardAnswer::refused);
  flip(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
  ASSERT_EQ(state(enrolment), RewardState::reversal_unknown);
  withdraw(enrolment);
  EXPECT_EQ(state(enrolment), RewardState::reversal_unknown);
  EXPECT_FALSE(reward(enrolment, 2));
}

TEST_F(Rewarding, given_up_and_then_cancelled_it_leaves_the_people) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  call(enrolment, RewardCall::post, RewardAnswer::refused);
  run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
  call(enrolment, RewardCall::get, RewardAnswer::unknown);
  now_ = now_ + RewardPolicy{}.idempotency_horizon;
  call(enrolment, RewardCall::get, RewardAnswer::unknown);
  ASSERT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::ok);
  withdraw(enrolment);
  EXPECT_EQ(state(enrolment), RewardState::cancelled);
  EXPECT_TRUE(cases_in(CaseState::open).empty());
}

/// The partner answers nothing until the reversal's life is over, and then that the points stand.
TEST_F(Rewarding, a_clawback_begins_another_life_once_the_points_are_told_to_stand_after_its_own) {
  const Enrolment enrolment = issue_first();
  withdraw(enrolment);
  for (int life = 0; life < 2; ++life) {
    call(enrolment, RewardCall::reversal, RewardAnswer::unknown);
    now_ = now_ + Duration::hours(1);
    call(enrolment, RewardCall::get, RewardAnswer::found_issued);
    call(enrolment, RewardCall::reversal, RewardAnswer::unknown);
    now_ = now_ + RewardPolicy{}.idempotency_horizon - Duration::hours(1);
    call(enrolment, RewardCall::get, RewardAnswer::retry_later);
    EXPECT_EQ(code(attempt(enrolment, RewardCall::reversal)), ReplyCode::stale_attempt);
    EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::ok);
    run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
    call(enrolment, RewardCall::get, RewardAnswer::found_issued);
  }
  call(enrolment, RewardCall::reversal, RewardAnswer::issued);
  EXPECT_EQ(state(enrolment), RewardState::reversed);
}

TEST_F(Rewarding, one_question_in_vain_is_no_end_of_asking) {
  const Enrolment enrolment = issue_first();
  now_ = now_ + Duration::days(5);
  withdraw_behind_fence(enrolment);
  call(enrolment, RewardCall::get, RewardAnswer::unknown);
  EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::stale_attempt);
}

}  // namespace
}  // namespace thaw
