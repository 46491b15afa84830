// What was set aside comes back: timers, grants, rewards (SPEC §2.7, DESIGN §2 "Poison").

#include "domain/redriving.h"

#include "domain/cases.h"
#include "domain/dead_letters.h"
#include "domain/reward_world_for_test.h"

namespace thaw {
namespace {

using Redriving = RewardWorld;

TEST_F(Redriving, a_timer_is_set_aside_once_and_comes_back_as_it_was) {
  const Enrolment enrolment = enrol("M1");
  const std::string key = keys::timer(enrolment.ends_at, enrolment.id);
  const SetAside aside{kTimerLetters, make_timer_item(enrolment.ends_at, enrolment.id),
                       MemberId("M1"), enrolment.id, "three aborts"};
  const Reply first = run(aside);
  EXPECT_EQ(first.code, ReplyCode::ok);
  EXPECT_FALSE(find<Timer>(key));
  EXPECT_EQ(code(aside), ReplyCode::repeated);
  EXPECT_EQ(code(RedriveDeadLetter{kTimerLetters, "none"}), ReplyCode::unknown_dead_letter);
  EXPECT_EQ(code(RedriveDeadLetter{kTimerLetters, aside.item}), ReplyCode::ok);
  EXPECT_EQ(find<Timer>(key)->generation, enrolment.generation);
  EXPECT_EQ(find<ReviewCase>(keys::review_case(first.case_id))->state, CaseState::approved);
  EXPECT_NE(run(aside).case_id, first.case_id) << "set aside again, it is another case";
}

TEST_F(Redriving, what_cannot_be_read_or_is_of_nobody_is_refused) {
  enrol("M1");
  const auto redriven = [&](const char* consumer, const std::string& item, const char* member) {
    run(SetAside{consumer, item, MemberId(member), {}, "three aborts"});
    return code(RedriveDeadLetter{consumer, item});
  };
  EXPECT_EQ(redriven(kTimerLetters, "rubbish", "M1"), ReplyCode::unknown_enrolment);
  EXPECT_EQ(redriven(kTimerLetters, "cold.M9.1@5", "M9"), ReplyCode::unknown_enrolment);
  EXPECT_EQ(redriven(kTimerLetters, "cold.M1.1@5", "M1"), ReplyCode::ok) << "of no enrolment";
  EXPECT_EQ(redriven("others", "12", "M1"), ReplyCode::invalid);
  EXPECT_EQ(redriven(kRewardLetters, "12", "M1"), ReplyCode::unknown_reward);
  EXPECT_EQ(redriven(kGrantLetters, "12", "M1"), ReplyCode::ok) << "no window: nothing to grant";
}

TEST_F(Redriving, a_grant_is_done_as_the_verdict_in_force_asks) {
  const auto redrive = [&](const Enrolment& enrolment, const char* item) {
    run(SetAside{kGrantLetters, item, MemberId("M1"), enrolment.id, "three aborts"});
    return code(RedriveDeadLetter{kGrantLetters, item});
  };
  const Enrolment enrolment = decide_as(Outcome::qualified);
  EXPECT_EQ(redrive(enrolment, "1"), ReplyCode::created);
  EXPECT_EQ(reward(enrolment)->state, RewardState::pending);
  flip(Outcome::not_qualified);
  EXPECT_EQ(redrive(enrolment, "2"), ReplyCode::ok);
  EXPECT_EQ(reward(enrolment)->state, RewardState::cancelled);
}

TEST_F(Redriving, a_grant_that_was_done_since_holds_up_no_other) {
  const Enrolment enrolment = issue_first();
  for (const char* item : {"1", "2"}) {
    run(SetAside{kGrantLetters, item, MemberId("M1"), enrolment.id, "three aborts"});
  }
  EXPECT_EQ(code(RedriveAll{kGrantLetters, {}}), ReplyCode::ok);
  EXPECT_FALSE(find<DeadLetter>(keys::dead_letter(kGrantLetters, "2")));
}

TEST_F(Redriving, a_first_verdict_that_grants_nothing_grants_nothing_later) {
  const Enrolment enrolment = decide_as(Outcome::not_qualified);
  run(SetAside{kGrantLetters, "1", MemberId("M1"), enrolment.id, "three aborts"});
  EXPECT_EQ(code(RedriveDeadLetter{kGrantLetters, "1"}), ReplyCode::ok);
  EXPECT_FALSE(reward(enrolment));
}

TEST_F(Redriving, all_of_a_consumer_come_back_one_a_step_and_stop_at_one_that_cannot) {
  EXPECT_EQ(code(RedriveAll{kTimerLetters, {}}), ReplyCode::ok) << "none";
  const Enrolment enrolment = enrol("M1");
  for (std::int64_t due : {1, 2, 3}) {
    run(SetAside{kTimerLetters,
                 make_timer_item(Instant{due}, enrolment.id),
                 MemberId("M1"),
                 {},
                 "three aborts"});
  }
  EXPECT_EQ(code(RedriveAll{kTimerLetters, now_ - Duration{1}}), ReplyCode::ok);
  EXPECT_FALSE(find<Timer>(keys::timer(Instant{1}, enrolment.id))) << "set aside later than that";
  EXPECT_EQ(code(RedriveAll{kTimerLetters, {}}), ReplyCode::ok);
  for (std::int64_t due : {1, 2, 3}) {
    EXPECT_TRUE(find<Timer>(keys::timer(Instant{due}, enrolment.id))) << due;
  }
  run(SetAside{"others", "12", MemberId("M1"), {}, "three aborts"});
  EXPECT_EQ(code(RedriveAll{"others", {}}), ReplyCode::invalid);
}

TEST_F(Redriving, a_reward_that_is_in_no_case_any_more_is_left_alone) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  DeadLetter letter{.consumer = kRewardLetters, .item = "k", .window = enrolment.id, .issue = 1};
  write([&](Work& work) {
    put_dead_letter(work, letter);
    return work.finish({});
  });
  EXPECT_EQ(code(RedriveDeadLetter{kRewardLetters, "k"}), ReplyCode::repeated);
}

TEST_F(Redriving, a_refused_reward_whose_verdict_falls_is_cancelled_and_its_case_closed) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::created);
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::reward_exists);
  EXPECT_EQ(code(WithdrawReward{enrolment.id}), ReplyCode::repeated) << "it is qualified";
  run(attempt(enrolment, RewardCall::post));
  run(answer(enrolment, 1, RewardAnswer::refused));
  ASSERT_EQ(reward(enrolment)->state, RewardState::failed);
  const std::string case_id = reward(enrolment)->case_id;
  reverse("M1", "r", "a");
  for (const CaseFacts& facts : cases_in(CaseState::open)) {
    if (facts.id != case_id) run(ResolveCase{facts.id, true, ""});
  }
  EXPECT_EQ(code(WithdrawReward{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(code(WithdrawReward{enrolment.id}), ReplyCode::repeated);
  EXPECT_EQ(reward(enrolment)->state, RewardState::cancelled);
  EXPECT_EQ(find<ReviewCase>(keys::review_case(case_id))->state, CaseState::closed_by_itself);
  EXPECT_FALSE(find<DeadLetter>(
      keys::dead_letter(kRewardLetters, "cold-activation-" + enrolment.id.text())));
  EXPECT_EQ(code(RequestReward{enrolment.id}), ReplyCode::reward_exists) << "not qualified";
}

TEST_F(Redriving, attempts_and_answers_that_are_stale_change_nothing) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  EXPECT_EQ(code(attempt(enrolment, RewardCall::get)), ReplyCode::stale_attempt);
  EXPECT_EQ(code(answer(enrolment, 1, RewardAnswer::issued)), ReplyCode::stale_attempt);
  EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::stale_attempt);
  EXPECT_EQ(code(attempt(enrolment, RewardCall::post)), ReplyCode::ok);
  EXPECT_EQ(code(answer(enrolment, 2, RewardAnswer::issued)), ReplyCode::stale_attempt);
  EXPECT_EQ(code(attempt(enrolment, RewardCall::post)), ReplyCode::stale_attempt) << "one is open";
  // Its process is gone: what it did is unknown, so it is asked for, not sent again.
  run(answer(enrolment, 1, RewardAnswer::unknown));
  EXPECT_EQ(reward(enrolment)->state, RewardState::unknown);
  now_ = now_ + Duration::seconds(1);
  EXPECT_EQ(code(attempt(enrolment, RewardCall::post)), ReplyCode::stale_attempt);
  EXPECT_EQ(code(attempt(enrolment, RewardCall::get)), ReplyCode::ok);
  for (const WindowId& unknown : {WindowId("rubbish"), WindowId("cold.M9.1")}) {
    EXPECT_EQ(code(RequestReward{unknown}), ReplyCode::unknown_enrolment);
    EXPECT_EQ(code(IssueAgain{unknown, 2}), ReplyCode::unknown_enrolment);
    EXPECT_EQ(code(WithdrawReward{unknown}), ReplyCode::unknown_reward);
    EXPECT_EQ(code(GiveUpReward{unknown, 1, {}}), ReplyCode::unknown_reward);
    EXPECT_EQ(code(StartRewardAttempt{unknown, 1, RewardCall::post, {}}),
              ReplyCode::unknown_reward);
    EXPECT_EQ(code(RecordRewardAnswer{unknown, 1, 1, RewardAnswer::issued, "", "", {}, {}}),
              ReplyCode::unknown_reward);
  }
}

TEST_F(Redriving, an_attempt_waits_for_its_time_and_for_a_hold_to_end) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  EXPECT_EQ(code(HoldMember{MemberId("M1"), true, "asked"}), ReplyCode::ok);
  EXPECT_EQ(code(HoldMember{MemberId("M1"), true, "asked"}), ReplyCode::repeated);
  EXPECT_EQ(code(attempt(enrolment, RewardCall::post)), ReplyCode::too_early);
  run(HoldMember{MemberId("M1"), false, ""});
  run(attempt(enrolment, RewardCall::post));
  run(answer(enrolment, 1, RewardAnswer::retry_later));
  EXPECT_EQ(code(attempt(enrolment, RewardCall::post)), ReplyCode::too_early);
}

TEST_F(Redriving, a_key_that_the_partner_calls_reversed_is_issued_again_only_by_people) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(attempt(enrolment, RewardCall::post));
  run(answer(enrolment, 1, RewardAnswer::unknown));
  now_ = now_ + Duration::minutes(1);
  run(attempt(enrolment, RewardCall::get));
  run(answer(enrolment, 2, RewardAnswer::found_reversed));
  EXPECT_EQ(reward(enrolment)->state, RewardState::reversed);
  ASSERT_EQ(cases_in(CaseState::open).size(), 1u);
  EXPECT_EQ(code(ResolveCase{cases_in(CaseState::open).front().id, true, ""}), ReplyCode::created);
  EXPECT_EQ(state(enrolment, 2), RewardState::pending);
}

TEST_F(Redriving, a_clawback_that_fails_is_shown_to_people_and_asked_for_when_redriven) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(attempt(enrolment, RewardCall::post));
  run(answer(enrolment, 1, RewardAnswer::issued));
  flip(Outcome::not_qualified);
  run(WithdrawReward{enrolment.id});
  ASSERT_EQ(reward(enrolment)->state, RewardState::reversing);
  run(attempt(enrolment, RewardCall::reversal));
  run(answer(enrolment, 2, RewardAnswer::refused));
  EXPECT_EQ(reward(enrolment)->state, RewardState::reversal_failed);
  EXPECT_EQ(code(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key}),
            ReplyCode::ok);
  EXPECT_EQ(reward(enrolment)->state, RewardState::reversal_unknown);
}

TEST_F(Redriving, a_clawback_that_is_refused_for_now_for_ever_ends_with_people) {
  const Enrolment enrolment = issue_first();
  withdraw(enrolment);
  for (int i = 0; i < RewardPolicy{}.max_attempts; ++i) {
    call(enrolment, RewardCall::reversal, RewardAnswer::retry_later);
  }
  EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::reversal_failed);
  EXPECT_TRUE(reward(enrolment)->in_case);
}

TEST_F(Redriving, asked_for_in_vain_it_may_be_paid_though_no_call_is_known) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(SetFence{true, "restored"});
  withdraw(enrolment);
  call(enrolment, RewardCall::get, RewardAnswer::unknown);
  now_ = now_ + RewardPolicy{}.idempotency_horizon;
  call(enrolment, RewardCall::get, RewardAnswer::retry_later);
  EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::ok);
  EXPECT_EQ(state(enrolment), RewardState::unknown);
}

TEST_F(Redriving, issued_again_only_after_what_ended_and_only_if_qualified) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  EXPECT_EQ(code(IssueAgain{enrolment.id, 2}), ReplyCode::reward_exists) << "none so far";
  run(RequestReward{enrolment.id});
  EXPECT_EQ(code(IssueAgain{enrolment.id, 2}), ReplyCode::reward_exists);
  flip(Outcome::not_qualified);
  run(WithdrawReward{enrolment.id});
  EXPECT_EQ(code(IssueAgain{enrolment.id, 3}), ReplyCode::reward_exists);
  EXPECT_EQ(code(IssueAgain{enrolment.id, 2}), ReplyCode::invalid) << "not qualified";
}

TEST_F(Redriving, given_up_after_its_verdict_fell_it_goes_to_people_unless_the_partner_has_none) {
  const Enrolment enrolment = decide_as(Outcome::qualified);
  run(RequestReward{enrolment.id});
  run(attempt(enrolment, RewardCall::post));
  run(answer(enrolment, 1, RewardAnswer::unknown));
  flip(Outcome::not_qualified);
  run(WithdrawReward{enrolment.id});
  run(attempt(enrolment, RewardCall::get));
  run(answer(enrolment, 2, RewardAnswer::not_found));  // it may still be on its way
  ASSERT_EQ(reward(enrolment)->state, RewardState::unknown);
  now_ = now_ + Duration::days(2);
  run(attempt(enrolment, RewardCall::get));
  run(answer(enrolment, 3, RewardAnswer::unknown));
  EXPECT_EQ(code(GiveUpReward{enrolment.id, 1, {}}), ReplyCode::ok);
  EXPECT_EQ(reward(enrolment)->state, RewardState::unknown);
  EXPECT_TRUE(reward(enrolment)->in_case);
  run(RedriveDeadLetter{kRewardLetters, reward(enrolment)->idempotency_key});
  call(enrolment, RewardCall::get, RewardAnswer::not_found);
  EXPECT_EQ(reward(enrolment)->state, RewardState::cancelled);
}

}  // namespace
}  // namespace thaw
