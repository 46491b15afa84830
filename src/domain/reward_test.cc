// SPEC §2.7, answer by answer: what each does to a reward in each state.

#include "domain/reward.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

const Instant kNow{1'000'000'000};
const Duration kBackoff = Duration::seconds(30);
const RewardPolicy kPolicy;

/// A reward whose attempt of the kind is under way.
Reward make_reward(RewardState state, RewardCall call) {
  Reward reward;
  reward.state = state;
  reward.attempts = {{1, call, kNow, RewardAnswer::none, {}}};
  reward.has_attempt_open = true;
  return reward;
}

Reward answered(RewardState state, RewardCall call, RewardAnswer answer) {
  Reward reward = make_reward(state, call);
  apply_answer(reward, answer, "result", kPolicy, kNow, kBackoff);
  EXPECT_FALSE(reward.has_attempt_open);
  EXPECT_EQ(reward.attempts.back().answer, answer);
  return reward;
}

struct Row {
  RewardState before;
  RewardCall call;
  RewardAnswer answer;
  RewardState after;
};

using enum RewardState;

TEST(Reward, an_answer_to_an_issue_sets_its_state) {
  using A = RewardAnswer;
  using C = RewardCall;
  const Row rows[] = {
      {pending, C::post, A::issued, issued},          {unknown, C::get, A::found_issued, issued},
      {unknown, C::get, A::found_reversed, reversed}, {unknown, C::get, A::not_found, retrying},
      {pending, C::post, A::retry_later, retrying},   {unknown, C::get, A::retry_later, unknown},
      {pending, C::post, A::never_sent, retrying},    {pending, C::post, A::unknown, unknown},
      {pending, C::post, A::refused, failed},         {pending, C::post, A::paused, pending},
      {pending, C::post, A::none, pending},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(answered(row.before, row.call, row.answer).state, row.after)
        << to_string(row.before) << " " << static_cast<int>(row.answer);
  }
}

TEST(Reward, an_answer_to_a_clawback_sets_its_state) {
  using A = RewardAnswer;
  using C = RewardCall;
  const Row rows[] = {
      {reversing, C::reversal, A::issued, reversed},
      {reversal_unknown, C::get, A::found_reversed, reversed},
      {reversal_unknown, C::get, A::found_issued, reversing},
      {reversing, C::reversal, A::retry_later, reversing},
      {reversing, C::reversal, A::never_sent, reversing},
      {reversing, C::reversal, A::unknown, reversal_unknown},
      {reversal_unknown, C::get, A::retry_later, reversal_unknown},
      {reversing, C::reversal, A::not_found, reversal_failed},
      {reversing, C::reversal, A::refused, reversal_failed},
      {reversing, C::reversal, A::paused, reversing},
      {reversing, C::reversal, A::none, reversing},
  };
  for (const Row& row : rows) {
    Reward reward = make_reward(row.before, row.call);
    reward.is_withdrawn = true;
    apply_answer(reward, row.answer, "result", kPolicy, kNow, kBackoff);
    EXPECT_EQ(reward.state, row.after)
        << to_string(row.before) << " " << static_cast<int>(row.answer);
  }
}

TEST(Reward, what_is_tried_again_waits_for_the_backoff_and_what_was_not_found_does_not) {
  for (const RewardAnswer answer : {RewardAnswer::retry_later, RewardAnswer::never_sent,
                                    RewardAnswer::unknown, RewardAnswer::paused}) {
    EXPECT_EQ(answered(pending, RewardCall::post, answer).next_try_at, kNow + kBackoff);
    EXPECT_EQ(answered(reversing, RewardCall::reversal, answer).next_try_at, kNow + kBackoff);
  }
  EXPECT_EQ(answered(unknown, RewardCall::get, RewardAnswer::not_found).next_try_at, kNow);
}

TEST(Reward, withdrawn_while_a_call_was_under_way_it_is_taken_back_dropped_or_asked_for) {
  const auto withdrawn = [](RewardCall call, RewardAnswer answer) {
    Reward reward = make_reward(pending, call);
    reward.is_withdrawn = true;
    apply_answer(reward, answer, "result", kPolicy, kNow, kBackoff);
    return reward.state;
  };
  EXPECT_EQ(withdrawn(RewardCall::post, RewardAnswer::issued), reversing);
  EXPECT_EQ(withdrawn(RewardCall::post, RewardAnswer::never_sent), cancelled);
  EXPECT_EQ(withdrawn(RewardCall::post, RewardAnswer::unknown), unknown);
  EXPECT_EQ(withdrawn(RewardCall::post, RewardAnswer::refused), cancelled);
  EXPECT_EQ(withdrawn(RewardCall::get, RewardAnswer::found_reversed), reversed);
}

TEST(Reward, withdrawn_after_a_call_that_may_have_arrived_it_stays_refused_or_is_asked_for) {
  const auto asked = [](RewardAnswer answer) {
    Reward reward = make_reward(unknown, RewardCall::post);
    reward.attempts.back().answer = RewardAnswer::unknown;
    reward.attempts.push_back({2, RewardCall::get, kNow, RewardAnswer::none, {}});
    reward.is_withdrawn = true;
    apply_answer(reward, answer, "result", kPolicy, kNow, kBackoff);
    return reward.state;
  };
  EXPECT_EQ(asked(RewardAnswer::refused), failed);
  EXPECT_EQ(asked(RewardAnswer::found_reversed), reversed);
  EXPECT_EQ(asked(RewardAnswer::not_found), unknown) << "the call may still be on its way";
  EXPECT_EQ(asked(RewardAnswer::found_issued), reversing);
}

TEST(Reward, at_the_horizon_it_is_given_up_only_after_a_last_question_was_answered) {
  const Instant later = kNow + kPolicy.idempotency_horizon;
  Reward reward = make_reward(unknown, RewardCall::post);
  reward.has_attempt_open = false;
  EXPECT_EQ(next_reward_step(reward, kPolicy, {}, later), RewardStep::get);
  reward.attempts.push_back({2, RewardCall::get, later, RewardAnswer::none, {}});
  EXPECT_EQ(next_reward_step(reward, kPolicy, {}, later), RewardStep::get);
  reward.attempts.back().answer = RewardAnswer::not_found;
  EXPECT_EQ(next_reward_step(reward, kPolicy, {}, later), RewardStep::give_up);
  reward.attempts.back().at = later - Duration{1};
  EXPECT_EQ(next_reward_step(reward, kPolicy, {}, later), RewardStep::get) << "asked before it";
}

TEST(Reward, called_off_it_is_asked_for_until_its_last_call_can_act_no_more) {
  const Duration life = kPolicy.idempotency_horizon;
  Reward reward = make_reward(unknown, RewardCall::post);
  reward.attempts.back().answer = RewardAnswer::retry_later;
  const Instant last_sent = kNow + life - Duration::minutes(1);
  reward.attempts.push_back({2, RewardCall::post, last_sent, RewardAnswer::unknown, {}});
  reward.is_withdrawn = true;
  const auto ask = [&](Instant at) {
    reward.attempts.push_back({3, RewardCall::get, at, RewardAnswer::none, {}});
    apply_answer(reward, RewardAnswer::not_found, "result", kPolicy, at, kBackoff);
  };
  ask(kNow + life);
  EXPECT_EQ(reward.state, unknown) << "sent a minute ago, it may act in a moment";
  EXPECT_EQ(next_reward_step(reward, kPolicy, {}, kNow + life), RewardStep::get);
  ask(last_sent + life);
  EXPECT_EQ(reward.state, cancelled);
}

TEST(Reward, wanted_again_it_is_asked_for_until_its_reversal_can_act_no_more) {
  const Duration life = kPolicy.idempotency_horizon;
  Reward reward = make_reward(reversal_unknown, RewardCall::reversal);
  reward.attempts.back().answer = RewardAnswer::unknown;
  const auto ask = [&](Instant at) {
    reward.attempts.push_back({2, RewardCall::get, at, RewardAnswer::none, {}});
    apply_answer(reward, RewardAnswer::found_issued, "result", kPolicy, at, kBackoff);
  };
  ask(kNow + life - Duration{1});
  EXPECT_EQ(reward.state, reversal_unknown);
  EXPECT_EQ(reward.next_try_at, kNow + life - Duration{1} + kBackoff);
  ask(kNow + life);
  EXPECT_EQ(reward.state, issued);
}

TEST(Reward, every_state_has_its_next_step) {
  using S = RewardStep;
  const std::pair<RewardState, S> rows[] = {{pending, S::post},         {retrying, S::post},
                                            {unknown, S::get},          {reversing, S::reverse},
                                            {reversal_unknown, S::get}, {issued, S::none},
                                            {failed, S::none},          {cancelled, S::none},
                                            {reversed, S::none},        {reversal_failed, S::none}};
  for (const auto& [state, step] : rows) {
    Reward reward;
    reward.state = state;
    EXPECT_EQ(next_reward_step(reward, kPolicy, {}, kNow), step) << to_string(state);
    EXPECT_EQ(is_final(state), step == S::none) << to_string(state);
    reward.in_case = true;
    EXPECT_EQ(next_reward_step(reward, kPolicy, {}, kNow), S::none);
  }
}

TEST(Reward, behind_a_fence_it_is_asked_for_once_and_then_waits) {
  const Fence fence{true, kNow, "restored"};
  Reward reward;
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::get);
  for (const RewardAnswer told : {RewardAnswer::not_found, RewardAnswer::found_issued}) {
    reward.attempts = {{1, RewardCall::get, kNow, told, {}}};
    EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::none);
  }
  reward.attempts = {{1, RewardCall::get, kNow, RewardAnswer::unknown, {}}};
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::get);
  reward.attempts = {{1, RewardCall::get, kNow - Duration{1}, RewardAnswer::not_found, {}}};
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::get);
  reward.attempts = {{1, RewardCall::post, kNow, RewardAnswer::not_found, {}}};
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::get) << "a send is no GET";
  reward.state = unknown;
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::get);
  reward.state = issued;
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::none);
  reward.state = reversing;
  reward.attempts.clear();
  EXPECT_EQ(next_reward_step(reward, kPolicy, fence, kNow), RewardStep::get);
}

TEST(Reward, what_calls_may_have_been_lost_for_is_asked_for_though_the_fence_is_lifted) {
  const Instant due_at = kNow - Duration::days(3);
  const auto step = [&](Instant since, std::vector<RewardAttempt> attempts) {
    Reward reward;
    reward.due_at = due_at;
    reward.attempts = std::move(attempts);
    return next_reward_step(reward, kPolicy, Fence{false, since, ""}, kNow);
  };
  EXPECT_EQ(step(due_at, {}), RewardStep::get);
  EXPECT_EQ(step(due_at - Duration{1}, {}), RewardStep::post) << "nothing of it was there";
  const RewardAttempt asked{1, RewardCall::get, kNow, RewardAnswer::not_found, {}};
  EXPECT_EQ(step(kNow, {asked}), RewardStep::post);
  EXPECT_EQ(step(kNow + Duration{1}, {asked}), RewardStep::get) << "raised again since";
}

TEST(Reward, nobody_is_asked_for_ever_nor_is_anything_taken_back_for_ever) {
  const auto day = kPolicy.idempotency_horizon;
  Reward asked = make_reward(unknown, RewardCall::get);
  asked.attempts = {{1, RewardCall::get, kNow, RewardAnswer::unknown, {}}};
  asked.has_attempt_open = false;
  EXPECT_EQ(next_reward_step(asked, kPolicy, {}, kNow + day), RewardStep::get);
  asked.attempts.push_back({2, RewardCall::get, kNow + day, RewardAnswer::unknown, {}});
  EXPECT_EQ(next_reward_step(asked, kPolicy, {}, kNow + day), RewardStep::give_up);
  ask_first(asked, kNow + day);
  EXPECT_EQ(next_reward_step(asked, kPolicy, {}, kNow + day), RewardStep::get) << "redriven";

  Reward taken = make_reward(reversing, RewardCall::reversal);
  taken.has_attempt_open = false;
  taken.attempts.back().answer = RewardAnswer::retry_later;
  EXPECT_EQ(next_reward_step(taken, kPolicy, {}, kNow), RewardStep::reverse);
  EXPECT_EQ(next_reward_step(taken, kPolicy, {}, kNow + day), RewardStep::get) << "its key's life";
  for (int i = 1; i < kPolicy.max_attempts; ++i) taken.attempts.push_back(taken.attempts.back());
  EXPECT_EQ(next_reward_step(taken, kPolicy, {}, kNow), RewardStep::give_up);
}

TEST(Reward, a_redrive_asks_first_and_says_what_may_have_happened) {
  const auto redriven = [](RewardState state, RewardAnswer answer) {
    Reward reward = make_reward(state, RewardCall::post);
    reward.attempts.back().answer = answer;
    reward.in_case = true;
    redrive(reward, kNow);
    EXPECT_FALSE(reward.in_case);
    return reward.state;
  };
  EXPECT_EQ(redriven(failed, RewardAnswer::refused), retrying);
  EXPECT_EQ(redriven(unknown, RewardAnswer::unknown), unknown);
  EXPECT_EQ(redriven(failed, RewardAnswer::none), unknown);
  EXPECT_EQ(redriven(reversal_failed, RewardAnswer::issued), reversal_unknown);
  EXPECT_EQ(redriven(reversal_unknown, RewardAnswer::issued), reversal_unknown);
  for (const RewardAnswer harmless :
       {RewardAnswer::found_issued, RewardAnswer::found_reversed, RewardAnswer::not_found,
        RewardAnswer::retry_later, RewardAnswer::never_sent, RewardAnswer::paused}) {
    EXPECT_EQ(redriven(failed, harmless), retrying);
  }
}

}  // namespace
}  // namespace thaw
