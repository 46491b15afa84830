#include "domain/reward.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace thaw {
namespace {

bool may_have_acted(const RewardAttempt& attempt) {
  if (attempt.call != RewardCall::post) return false;
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

/// Once the key's life is over the partner may have forgotten it: sending again could pay twice.
bool is_key_dead(const Reward& reward, const RewardPolicy& policy, Instant now) {
  const auto first = reward.first_sent_at();
  return first && now >= *first + policy.idempotency_horizon;
}

RewardStep step_of_unknown(const Reward& reward, const RewardPolicy& policy) {
  if (reward.ask_first) return RewardStep::get;
  const bool asked_last = !reward.attempts.empty() &&
                          reward.attempts.back().call == RewardCall::get &&
                          reward.attempts.back().answer != RewardAnswer::none;
  // At the horizon one last GET; a person goes on from there.
  const bool asked_after_horizon =
      asked_last && is_key_dead(reward, policy, reward.attempts.back().at);
  return asked_after_horizon ? RewardStep::give_up : RewardStep::get;
}

RewardStep step_towards_issue(const Reward& reward, const RewardPolicy& policy, Instant now) {
  if (reward.ask_first) return RewardStep::get;
  if (is_key_dead(reward, policy, now)) return step_of_unknown(reward, policy);
  if (reward.count_posts() - reward.posts_before_redrive >= policy.max_attempts) {
    return RewardStep::give_up;
  }
  return RewardStep::post;
}

RewardStep unfenced_step(const Reward& reward, const RewardPolicy& policy, Instant now) {
  switch (reward.state) {
    case RewardState::pending:
    case RewardState::retrying: return step_towards_issue(reward, policy, now);
    case RewardState::unknown: return step_of_unknown(reward, policy);
    case RewardState::reversing: return RewardStep::reverse;
    case RewardState::reversal_unknown: return RewardStep::get;
    case RewardState::issued:
    case RewardState::failed:
    case RewardState::cancelled:
    case RewardState::reversed:
    case RewardState::reversal_failed: return RewardStep::none;
  }
  CHECK(false);
}

bool has_asked_since(const Reward& reward, Instant since) {
  return std::any_of(reward.attempts.begin(), reward.attempts.end(), [&](const RewardAttempt& a) {
    return a.call == RewardCall::get && a.at >= since &&
           (a.answer == RewardAnswer::not_found || a.answer == RewardAnswer::found_issued);
  });
}

void take_issue_answer(Reward& reward, RewardAnswer answer, Instant now, Instant later) {
  switch (answer) {
    case RewardAnswer::issued:
    case RewardAnswer::found_issued: reward.state = RewardState::issued; return;
    case RewardAnswer::found_reversed: reward.state = RewardState::reversed; return;
    case RewardAnswer::not_found:
      reward.ask_first = false;
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
    case RewardAnswer::retry_later:
    case RewardAnswer::never_sent:
      reward.state = RewardState::reversing;
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

std::int64_t Reward::count_posts() const {
  return std::count_if(attempts.begin(), attempts.end(), [](const RewardAttempt& a) {
    return a.call == RewardCall::post && a.answer != RewardAnswer::paused;
  });
}

bool Reward::may_have_arrived() const {
  return std::any_of(attempts.begin(), attempts.end(), may_have_acted);
}

std::optional<Instant> Reward::first_sent_at() const {
  for (const RewardAttempt& attempt : attempts) {
    const bool was_refused_access =
        attempt.answer == RewardAnswer::never_sent || attempt.answer == RewardAnswer::paused;
    if (attempt.call == RewardCall::post && !was_refused_access) return attempt.at;
  }
  return std::nullopt;
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
  reward.next_try_at = now;
  ++reward.redrives;
  reward.posts_before_redrive = reward.count_posts();
  if (reward.state == RewardState::reversal_failed) {
    reward.state = RewardState::reversal_unknown;
  } else if (reward.state != RewardState::reversal_unknown) {
    reward.state = reward.may_have_arrived() ? RewardState::unknown : RewardState::retrying;
    reward.ask_first = true;
  }
}

RewardStep next_reward_step(const Reward& reward, const RewardPolicy& policy, const Fence& fence,
                            Instant now) {
  if (reward.in_case || reward.has_attempt_open) return RewardStep::none;
  const RewardStep step = unfenced_step(reward, policy, now);
  if (!fence.is_up || (step != RewardStep::post && step != RewardStep::reverse)) return step;
  return has_asked_since(reward, fence.since) ? RewardStep::none : RewardStep::get;
}

void apply_answer(Reward& reward, RewardAnswer answer, const std::string& result,
                  const RewardPolicy& policy, Instant now, Duration backoff) {
  CHECK(!reward.attempts.empty());
  reward.attempts.back().answer = answer;
  reward.attempts.back().result = result;
  reward.has_attempt_open = false;
  const Instant later = now + backoff;
  if (is_clawback(reward.state)) {
    take_reversal_answer(reward, answer, later);
    // Wanted again while it was asked for: nothing had been taken back, whatever the answer.
    if (!reward.is_withdrawn && reward.state != RewardState::reversed) {
      reward.state = RewardState::issued;
    }
    return;
  }
  take_issue_answer(reward, answer, now, later);
  if (!reward.is_withdrawn) return;
  // Its decision was revised meanwhile: what was paid is taken back, what was not is not sent.
  if (reward.state == RewardState::issued) {
    reward.state = RewardState::reversing;
    reward.next_try_at = now;
  } else if (is_known_not_paid(reward) ||
             (answer == RewardAnswer::not_found && is_key_dead(reward, policy, now))) {
    if (!is_final(reward.state)) reward.state = RewardState::cancelled;
  } else if (!is_final(reward.state)) {
    reward.state = RewardState::unknown;
    reward.next_try_at = later;
  }
}

}  // namespace thaw
