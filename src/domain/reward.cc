#include "domain/reward.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/check.h"

namespace thaw {
namespace {

bool may_have_acted(const RewardAttempt& attempt, RewardCall call) {
  if (attempt.call != call) return false;
  switch (attempt.answer) {
    case RewardAnswer::none:
    case RewardAnswer::issued:
    case RewardAnswer::unknown: return true;
    case RewardAnswer::found_issued:
    case RewardAnswer::found_reversed:
    case RewardAnswer::not_found:
    case RewardAnswer::retry_later:
    case RewardAnswer::never_sent:
    case RewardAnswer::refused:
    case RewardAnswer::paused: return false;
  }
  CHECK(false);
}

bool may_have_left(const RewardAttempt& attempt) {
  return attempt.answer != RewardAnswer::never_sent && attempt.answer != RewardAnswer::paused;
}

/// When the key's life began: with the first attempt that may have left. Told after a reversal's
/// life that the points stand, none of those before can act any more: the next one begins another.
std::optional<Instant> find_life_start(const Reward& reward, RewardCall call,
                                       const RewardPolicy& policy) {
  std::optional<Instant> start;
  for (const RewardAttempt& attempt : reward.attempts) {
    if (!start && attempt.call == call && may_have_left(attempt)) start = attempt.at;
    const bool stands =
        call == RewardCall::reversal && attempt.answer == RewardAnswer::found_issued;
    if (start && stands && attempt.at >= *start + policy.idempotency_horizon) start.reset();
  }
  return start;
}

/// Once the key's life is over the partner may have forgotten it: sending again could pay twice, or
/// take back twice.
bool is_key_dead(const Reward& reward, RewardCall call, const RewardPolicy& policy, Instant now) {
  const auto start = find_life_start(reward, call, policy);
  return start && now >= *start + policy.idempotency_horizon;
}

/// True while a call that was sent may still be on its way to the partner: a key's life, from the
/// last one.
bool may_still_act(const Reward& reward, RewardCall call, const RewardPolicy& policy, Instant now) {
  return std::ranges::any_of(reward.attempts, [&](const RewardAttempt& attempt) {
    return may_have_acted(attempt, call) && now < attempt.at + policy.idempotency_horizon;
  });
}

/// The questions at the end, one after the other, that came to nothing.
std::span<const RewardAttempt> find_asked_in_vain(const Reward& reward) {
  const std::span<const RewardAttempt> all = reward.attempts;
  std::size_t from = all.size();
  while (from > static_cast<std::size_t>(reward.counts_from)) {
    const RewardAttempt& attempt = all[from - 1];
    if (attempt.call != RewardCall::get || is_told(attempt.answer)) break;
    --from;
  }
  return all.subspan(from);
}

/// True if the question that was asked last was the last: at the end of the key's life or, where no
/// call has left that is known of, of as long a time of asking.
bool is_asked_out(const Reward& reward, RewardCall call, const RewardPolicy& policy) {
  if (reward.attempts.size() <= static_cast<std::size_t>(reward.counts_from)) return false;
  const RewardAttempt& last = reward.attempts.back();
  if (last.call != RewardCall::get || last.answer == RewardAnswer::none) return false;
  if (find_life_start(reward, call, policy)) {
    // What is not wanted any more, be it points or their reversal, is waited for to the end.
    const bool is_wanted = reward.is_withdrawn == (call == RewardCall::reversal);
    return is_key_dead(reward, call, policy, last.at) &&
           (is_wanted || !may_still_act(reward, call, policy, last.at));
  }
  const auto in_vain = find_asked_in_vain(reward);
  return !in_vain.empty() && last.at >= in_vain.front().at + policy.idempotency_horizon;
}

/// At the end one last GET; a person goes on from there.
RewardStep step_of_question(const Reward& reward, RewardCall call, const RewardPolicy& policy) {
  return is_asked_out(reward, call, policy) ? RewardStep::give_up : RewardStep::get;
}

RewardStep step_towards(const Reward& reward, RewardCall call, const RewardPolicy& policy,
                        Instant now) {
  if (reward.ask_first || is_key_dead(reward, call, policy, now)) {
    return step_of_question(reward, call, policy);
  }
  if (reward.count_calls(call) >= policy.max_attempts) return RewardStep::give_up;
  return call == RewardCall::post ? RewardStep::post : RewardStep::reverse;
}

RewardStep unfenced_step(const Reward& reward, const RewardPolicy& policy, Instant now) {
  switch (reward.state) {
    case RewardState::pending:
    case RewardState::retrying: return step_towards(reward, RewardCall::post, policy, now);
    case RewardState::unknown: return step_of_question(reward, RewardCall::post, policy);
    case RewardState::reversing: return step_towards(reward, RewardCall::reversal, policy, now);
    case RewardState::reversal_unknown:
      return step_of_question(reward, RewardCall::reversal, policy);
    case RewardState::issued:
    case RewardState::failed:
    case RewardState::cancelled:
    case RewardState::reversed:
    case RewardState::reversal_failed: return RewardStep::none;
  }
  CHECK(false);
}

/// What the partner told first when he was asked after that instant; null: nothing yet.
const RewardAttempt* find_told_since(const Reward& reward, Instant since) {
  const auto told = std::ranges::find_if(reward.attempts, [&](const RewardAttempt& attempt) {
    return attempt.call == RewardCall::get && attempt.at >= since && is_told(attempt.answer);
  });
  return told == reward.attempts.end() ? nullptr : &*told;
}

/// True if the partner did not know the key when the life of a call that was lost could be over: it
/// may have been paid, and forgotten.
bool may_be_forgotten(const RewardAttempt& told, const Fence& fence, const RewardPolicy& policy) {
  return told.answer == RewardAnswer::not_found &&
         told.at >= fence.since + policy.idempotency_horizon;
}

void take_issue_answer(Reward& reward, RewardAnswer answer, Instant now, Instant later) {
  switch (answer) {
    case RewardAnswer::issued:
    case RewardAnswer::found_issued: reward.state = RewardState::issued; return;
    case RewardAnswer::found_reversed: reward.state = RewardState::reversed; return;
    case RewardAnswer::not_found:
      reward.state = RewardState::retrying;
      reward.next_try_at = now;
      return;
    case RewardAnswer::retry_later:
    case RewardAnswer::never_sent:
      // An answer to GET says nothing of what an earlier POST did.
      if (reward.state != RewardState::unknown) reward.state = RewardState::retrying;
      reward.next_try_at = later;
      return;
    case RewardAnswer::unknown:
      reward.state = RewardState::unknown;
      reward.next_try_at = later;
      return;
    case RewardAnswer::refused: reward.state = RewardState::failed; return;
    case RewardAnswer::paused: reward.next_try_at = later; return;
    case RewardAnswer::none: return;
  }
}

void take_reversal_answer(Reward& reward, RewardAnswer answer, Instant later) {
  switch (answer) {
    case RewardAnswer::issued:
    case RewardAnswer::found_reversed: reward.state = RewardState::reversed; return;
    case RewardAnswer::found_issued:
      reward.state = RewardState::reversing;
      reward.next_try_at = later;
      return;
    case RewardAnswer::retry_later:
    case RewardAnswer::never_sent:
      // An answer to GET says nothing of what an earlier reversal did.
      if (reward.state != RewardState::reversal_unknown) reward.state = RewardState::reversing;
      reward.next_try_at = later;
      return;
    case RewardAnswer::unknown:
      reward.state = RewardState::reversal_unknown;
      reward.next_try_at = later;
      return;
    case RewardAnswer::not_found:
    case RewardAnswer::refused: reward.state = RewardState::reversal_failed; return;
    case RewardAnswer::paused: reward.next_try_at = later; return;
    case RewardAnswer::none: return;
  }
}

/// False also where it was asked for, and there was no answer.
bool is_known_not_paid(const Reward& reward) {
  const bool was_asked_in_vain = reward.ask_first && reward.attempts.back().call == RewardCall::get;
  return !was_asked_in_vain && !reward.may_have_arrived();
}

bool is_clawback(RewardState state) {
  return state == RewardState::reversing || state == RewardState::reversal_unknown;
}

}  // namespace

std::int64_t Reward::count_calls(RewardCall call) const {
  return std::count_if(attempts.begin() + counts_from, attempts.end(), [&](const RewardAttempt& a) {
    return a.call == call && a.answer != RewardAnswer::paused;
  });
}

bool Reward::may_have_arrived() const {
  return std::ranges::any_of(
      attempts, [](const RewardAttempt& a) { return may_have_acted(a, RewardCall::post); });
}

bool Reward::has_reversal_begun() const {
  return std::any_of(attempts.begin(), attempts.end(),
                     [](const RewardAttempt& a) { return a.call == RewardCall::reversal; });
}

bool is_before_fence(const Reward& reward, const Fence& fence) {
  return fence.since != Instant{} && reward.due_at <= fence.since;
}

bool may_have_lost_calls(const Reward& reward, const Fence& fence) {
  return is_before_fence(reward, fence) && !find_told_since(reward, fence.since);
}

bool is_told(RewardAnswer answer) {
  return answer == RewardAnswer::found_issued || answer == RewardAnswer::found_reversed ||
         answer == RewardAnswer::not_found;
}

void ask_first(Reward& reward, Instant now) {
  reward.ask_first = true;
  reward.counts_from = static_cast<std::int64_t>(reward.attempts.size());
  reward.next_try_at = now;
}

bool is_final(RewardState state) {
  switch (state) {
    case RewardState::issued:
    case RewardState::failed:
    case RewardState::cancelled:
    case RewardState::reversed:
    case RewardState::reversal_failed: return true;
    case RewardState::pending:
    case RewardState::retrying:
    case RewardState::unknown:
    case RewardState::reversing:
    case RewardState::reversal_unknown: return false;
  }
  CHECK(false);
}

std::string make_reward_key(const WindowId& window, std::int64_t issue) {
  if (issue <= 1) return fmt::format("cold-activation-{}", window.text());
  return fmt::format("cold-activation-{}-r{}", window.text(), issue);
}

void redrive(Reward& reward, Instant now) {
  reward.in_case = false;
  reward.case_id.clear();
  ++reward.redrives;
  ask_first(reward, now);
  if (reward.state == RewardState::reversal_failed) {
    reward.state = RewardState::reversal_unknown;
  } else if (reward.state != RewardState::reversal_unknown) {
    reward.state = reward.may_have_arrived() ? RewardState::unknown : RewardState::retrying;
  }
}

RewardStep next_reward_step(const Reward& reward, const RewardPolicy& policy, const Fence& fence,
                            Instant now) {
  if (reward.in_case || reward.has_attempt_open) return RewardStep::none;
  const RewardStep step = unfenced_step(reward, policy, now);
  if (step != RewardStep::post && step != RewardStep::reverse) return step;
  const RewardCall call = step == RewardStep::post ? RewardCall::post : RewardCall::reversal;
  if (is_before_fence(reward, fence)) {
    const RewardAttempt* told = find_told_since(reward, fence.since);
    if (!told) return step_of_question(reward, call, policy);
    if (may_be_forgotten(*told, fence, policy)) return RewardStep::give_up;
  }
  return fence.is_up ? RewardStep::none : step;
}

void apply_answer(Reward& reward, RewardAnswer answer, const std::string& result,
                  const RewardPolicy& policy, Instant now, Duration backoff) {
  CHECK(!reward.attempts.empty());
  reward.attempts.back().answer = answer;
  reward.attempts.back().result = result;
  reward.has_attempt_open = false;
  if (is_told(answer)) reward.ask_first = false;
  const Instant later = now + backoff;
  if (is_clawback(reward.state)) {
    take_reversal_answer(reward, answer, later);
    // Wanted again, and not taken back.
    const bool stays_issued = answer == RewardAnswer::found_issued && !reward.is_withdrawn;
    if (!stays_issued) return;
    const bool may_go = may_still_act(reward, RewardCall::reversal, policy, now);
    reward.state = may_go ? RewardState::reversal_unknown : RewardState::issued;
    return;
  }
  take_issue_answer(reward, answer, now, later);
  if (!reward.is_withdrawn) return;
  // Its decision was revised meanwhile: what was paid is taken back, what was not is not sent.
  if (reward.state == RewardState::issued) {
    reward.state = RewardState::reversing;
    reward.next_try_at = now;
  } else if (is_known_not_paid(reward) || (answer == RewardAnswer::not_found &&
                                           !may_still_act(reward, RewardCall::post, policy, now))) {
    const bool is_over = is_final(reward.state) && reward.state != RewardState::failed;
    if (!is_over) reward.state = RewardState::cancelled;
  } else if (!is_final(reward.state)) {
    reward.state = RewardState::unknown;
    reward.next_try_at = later;
  }
}

}  // namespace thaw
