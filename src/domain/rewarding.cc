#include "domain/rewarding.h"

#include <fmt/format.h>

#include <algorithm>

#include "domain/approving.h"
#include "domain/cases.h"
#include "domain/dead_letters.h"
#include "domain/keys.h"

namespace thaw {
namespace {

std::string key_of(const Reward& reward) {
  return keys::reward(reward.member, reward.window, reward.issue);
}

/// Writes the reward and its place in the queue: queued while a machine has something to do for it.
void write_reward(Work& work, const Reward& reward) {
  work.put(key_of(reward), reward);
  const std::string queue_key =
      keys::reward_not_final(reward.member, reward.requested_at, reward.window, reward.issue);
  if (is_final(reward.state) || reward.in_case) {
    work.erase(queue_key);
  } else {
    work.put(queue_key, QueuedReward{reward.window, reward.issue, reward.next_try_at});
  }
}

void emit_reward(Work& work, EventType type, const Reward& reward) {
  RewardFacts facts{reward.points, reward.idempotency_key, 0, {}, reward.reference};
  if (!reward.attempts.empty()) {
    facts.attempt = reward.attempts.back().number;
    facts.result = reward.attempts.back().result;
  }
  work.emit({type, reward.member, reward.window, std::move(facts)});
}

/// Dead letter and case: nobody may overlook a reward that a machine must not go on with.
void hand_to_people(Work& work, Reward& reward, const std::string& why) {
  reward.in_case = true;
  reward.case_id = fmt::format("reward-{}-{}", reward.window.text(), reward.issue);
  if (reward.redrives > 0) reward.case_id += fmt::format("-{}", reward.redrives + 1);
  open_case(work, {.id = reward.case_id,
                   .kind = CaseKind::reward,
                   .member = reward.member,
                   .window = reward.window,
                   .subject = reward.idempotency_key,
                   .detail = why});
  put_dead_letter(work, {.consumer = kRewardLetters,
                         .item = reward.idempotency_key,
                         .member = reward.member,
                         .reason = why,
                         .at = work.recorded_at(),
                         .attempts = static_cast<std::int64_t>(reward.attempts.size()),
                         .window = reward.window,
                         .issue = reward.issue,
                         .case_id = reward.case_id});
}

/// People have nothing to do for it any more.
void take_from_people(Work& work, Reward& reward, const std::string& why) {
  if (!reward.in_case) return;
  reward.in_case = false;
  work.erase(keys::dead_letter(kRewardLetters, reward.idempotency_key));
  close_case(work, reward.case_id, CaseState::closed_by_itself, {}, why);
}

std::optional<Reward> find_reward(Work& work, const WindowId& window, std::int64_t issue) {
  const auto parts = parse_window_id(window.text());
  if (!parts) return std::nullopt;
  return work.find<Reward>(keys::reward(parts->member, window, issue));
}

bool says_issued(const RewardAttempt& attempt) {
  if (attempt.call == RewardCall::reversal) return false;
  return attempt.answer == RewardAnswer::issued || attempt.answer == RewardAnswer::found_issued;
}

/// What consumers are told of an answer; a mere retry is no news.
std::optional<EventType> event_for(const Reward& reward) {
  switch (reward.state) {
    case RewardState::issued:
    case RewardState::reversing: {  // issued, and wanted or not: told once
      const auto& attempts = reward.attempts;
      const auto told = std::count_if(attempts.begin(), attempts.end(), says_issued);
      if (told > 1 || !says_issued(attempts.back())) return std::nullopt;
      return EventType::reward_issued;
    }
    case RewardState::reversed: return EventType::reward_reversed;
    case RewardState::failed:
    case RewardState::reversal_failed: return EventType::reward_failed;
    case RewardState::unknown:
    case RewardState::reversal_unknown: return EventType::reward_outcome_unknown;
    case RewardState::pending:
    case RewardState::retrying:
    case RewardState::cancelled: return std::nullopt;
  }
  return std::nullopt;
}

Fence read_fence(Work& work) {
  return work.find<Fence>(keys::fence()).value_or(Fence{});
}

/// What is known of one that a machine can do no more for.
RewardState state_given_up(const Reward& reward, const Fence& fence) {
  if (reward.state == RewardState::reversing) return RewardState::reversal_failed;
  if (reward.state == RewardState::reversal_unknown) return RewardState::reversal_unknown;
  const bool may_be_paid =
      reward.may_have_arrived() || reward.ask_first || is_before_fence(reward, fence);
  return may_be_paid ? RewardState::unknown : RewardState::failed;
}

RewardStep step_for(RewardCall call) {
  switch (call) {
    case RewardCall::post: return RewardStep::post;
    case RewardCall::get: return RewardStep::get;
    case RewardCall::reversal: return RewardStep::reverse;
  }
  return RewardStep::none;
}

}  // namespace

namespace {

std::optional<Reward> find_last(Work& work, const WindowId& window) {
  return find_last_issue([&](std::int64_t issue) { return find_reward(work, window, issue); });
}

std::optional<Enrolment> find_enrolment(Work& work, const WindowId& window) {
  const auto parts = parse_window_id(window.text());
  if (!parts) return std::nullopt;
  const auto member = work.find<Member>(keys::member(parts->member)).value_or(Member{});
  for (const Enrolment& enrolment : member.enrolments) {
    if (enrolment.id == window) return enrolment;
  }
  return std::nullopt;
}

/// Neither issued nor on its way back: the partner may have it only by a call that issues.
bool is_towards_issue(RewardState state) {
  return state == RewardState::pending || state == RewardState::retrying ||
         state == RewardState::unknown || state == RewardState::failed;
}

/// Its verdict is not qualified. What may have been paid is asked for first: by a call of ours, or
/// by one that a restore has lost.
void call_off(Work& work, Reward& reward) {
  const Fence fence = read_fence(work);
  const bool is_surely_unpaid =
      !reward.may_have_arrived() && !reward.has_attempt_open && !may_have_lost_calls(reward, fence);
  reward.is_withdrawn = true;
  if (reward.state == RewardState::issued) {
    reward.state = RewardState::reversing;
    reward.next_try_at = work.recorded_at();
  } else if (is_surely_unpaid && is_towards_issue(reward.state)) {
    reward.state = RewardState::cancelled;  // nothing was paid, and nothing is owed
    take_from_people(work, reward, "revised to not_qualified");
  } else if (!is_final(reward.state)) {
    ask_first(reward, work.recorded_at());
  }
}

void create_reward(Work& work, const MemberId& member, const Enrolment& enrolment,
                   std::int64_t issue) {
  if (find_reward(work, enrolment.id, issue)) return;  // SPEC §2.7: a permanent conditional write
  Reward reward;
  reward.member = member;
  reward.window = enrolment.id;
  reward.campaign = enrolment.campaign;
  reward.issue = issue;
  reward.points = enrolment.points;
  reward.due_at = enrolment.decides_at;
  reward.idempotency_key = make_reward_key(enrolment.id, issue);
  reward.requested_at = work.recorded_at();
  reward.next_try_at = work.recorded_at();
  // A verdict may have been revised between its event and this command.
  if (enrolment.outcome != Outcome::qualified) call_off(work, reward);
  write_reward(work, reward);
  emit_reward(work, EventType::reward_requested, reward);
}

/// True if people agreed to the revision that is in force: they saw what it costs.
bool is_agreed(Work& work, const Enrolment& enrolment) {
  const auto decision = work.find<Decision>(keys::decision(enrolment.id, enrolment.revision));
  return decision && !decision->people.empty();
}

void offer_again(Work& work, const Reward& last) {
  ReviewCase item;
  item.id = find_open_id(work, fmt::format("reissue-{}-{}", last.window.text(), last.issue + 1));
  item.kind = CaseKind::reward;
  item.member = last.member;
  item.window = last.window;
  item.subject = make_reward_key(last.window, last.issue + 1);
  item.detail = "qualified, and its points were taken back: issue them again?";
  item.pending_command = encode(Command{IssueAgain{last.window, last.issue + 1}, {}, false, {}});
  open_case(work, std::move(item));
}

/// One that was to be taken back. Once that has begun it ends, and is then renewed.
void keep_issued(Work& work, Reward& reward) {
  if (reward.has_reversal_begun()) return;
  const Fence fence = read_fence(work);
  reward.is_withdrawn = false;
  // A question keeps it in the queue until the answer, so that a crash cannot lose it.
  if (reward.has_attempt_open || may_have_lost_calls(reward, fence)) {
    ask_first(reward, work.recorded_at());
  } else {
    reward.state = RewardState::issued;
  }
  write_reward(work, reward);
}

/// The verdict is qualified, and the window has had a reward before.
void renew(Work& work, const Enrolment& enrolment, Reward& last) {
  switch (last.state) {
    case RewardState::cancelled: return create_reward(work, last.member, enrolment, last.issue + 1);
    case RewardState::reversed:
      if (!is_agreed(work, enrolment)) return offer_again(work, last);
      return create_reward(work, last.member, enrolment, last.issue + 1);
    case RewardState::reversing: return keep_issued(work, last);
    case RewardState::pending:
    case RewardState::retrying:
    case RewardState::unknown: last.is_withdrawn = false; return write_reward(work, last);
    case RewardState::issued:
    case RewardState::failed:
    case RewardState::reversal_unknown:
    case RewardState::reversal_failed: return;
  }
}

/// A reward that has just ended, though the verdict meanwhile is qualified again.
void renew_if_qualified(Work& work, Reward& reward) {
  if (!reward.is_withdrawn) return;
  if (reward.state != RewardState::cancelled && reward.state != RewardState::reversed) return;
  const auto enrolment = find_enrolment(work, reward.window);
  if (enrolment && enrolment->outcome == Outcome::qualified) renew(work, *enrolment, reward);
}

}  // namespace

WriteSet request_reward(Work& work, const RequestReward& command) {
  const auto parts = parse_window_id(command.window.text());
  const auto enrolment = find_enrolment(work, command.window);
  if (!parts || !enrolment) return Work::refuse(ReplyCode::unknown_enrolment);
  auto last = find_last(work, command.window);
  if (!last) {
    create_reward(work, parts->member, *enrolment, 1);
    return work.finish({.code = ReplyCode::created});
  }
  const bool is_wanted_again = last->is_withdrawn && enrolment->outcome == Outcome::qualified;
  if (!is_wanted_again) return Work::refuse(ReplyCode::reward_exists);
  renew(work, *enrolment, *last);
  return work.finish({});
}

WriteSet issue_again(Work& work, const IssueAgain& command) {
  const auto enrolment = find_enrolment(work, command.window);
  if (!enrolment) return Work::refuse(ReplyCode::unknown_enrolment);
  const auto last = find_last(work, command.window);
  const bool may_follow =
      last && last->issue + 1 == command.issue &&
      (last->state == RewardState::reversed || last->state == RewardState::cancelled);
  if (!may_follow) return Work::refuse(ReplyCode::reward_exists);
  if (enrolment->outcome != Outcome::qualified) {
    return Work::refuse(ReplyCode::invalid, "the verdict in force is not qualified");
  }
  create_reward(work, last->member, *enrolment, command.issue);
  return work.finish({.code = ReplyCode::created});
}

WriteSet withdraw_reward(Work& work, const WithdrawReward& command) {
  auto reward = find_last(work, command.window);
  if (!reward) return Work::refuse(ReplyCode::unknown_reward);
  const auto enrolment = find_enrolment(work, command.window);
  // Seen late: the verdict has been revised once more.
  if (enrolment && enrolment->outcome == Outcome::qualified) {
    return work.finish({.code = ReplyCode::repeated});
  }
  if (reward->is_withdrawn) return work.finish({.code = ReplyCode::repeated});
  call_off(work, *reward);
  write_reward(work, *reward);
  return work.finish({});
}

WriteSet start_attempt(Work& work, const StartRewardAttempt& command) {
  auto reward = find_reward(work, command.window, command.issue);
  if (!reward) return Work::refuse(ReplyCode::unknown_reward);
  const RewardStep due =
      next_reward_step(*reward, command.policy, read_fence(work), work.recorded_at());
  if (due != step_for(command.call)) {
    return work.finish({.code = ReplyCode::stale_attempt});
  }
  const auto member = work.find<Member>(keys::member(reward->member)).value_or(Member{});
  if (member.on_hold)
    return work.finish({.code = ReplyCode::too_early, .detail = "member on hold"});
  if (work.recorded_at() < reward->next_try_at) return Work::refuse(ReplyCode::too_early);
  const auto number = static_cast<std::int64_t>(reward->attempts.size()) + 1;
  reward->attempts.push_back({number, command.call, work.recorded_at(), RewardAnswer::none, {}});
  reward->has_attempt_open = true;
  write_reward(work, *reward);
  emit_reward(work, EventType::reward_attempt_started, *reward);
  return work.finish({.count = number});
}

WriteSet record_answer(Work& work, const RecordRewardAnswer& command) {
  auto reward = find_reward(work, command.window, command.issue);
  if (!reward) return Work::refuse(ReplyCode::unknown_reward);
  if (!reward->has_attempt_open || reward->attempts.back().number != command.attempt) {
    return Work::refuse(ReplyCode::stale_attempt);
  }
  apply_answer(*reward, command.answer, command.result, command.policy, work.recorded_at(),
               command.backoff);
  if (!command.reference.empty()) reward->reference = command.reference;
  if (reward->state == RewardState::failed || reward->state == RewardState::reversal_failed) {
    hand_to_people(work, *reward, fmt::format("the points partner refused: {}", command.result));
  }
  // By somebody else, though the verdict is qualified: two persons may issue them again.
  if (reward->state == RewardState::reversed && !reward->is_withdrawn) offer_again(work, *reward);
  write_reward(work, *reward);
  if (const auto type = event_for(*reward)) emit_reward(work, *type, *reward);
  renew_if_qualified(work, *reward);
  return work.finish({});
}

WriteSet redrive_reward(Work& work, const DeadLetter& letter) {
  auto reward = find_reward(work, letter.window, letter.issue);
  if (!reward) return Work::refuse(ReplyCode::unknown_reward);
  if (!reward->in_case) return work.finish({.code = ReplyCode::repeated});
  redrive(*reward, work.recorded_at());
  // What the verdict is by now: a failed clawback of a qualified member ends as issued.
  const auto enrolment = find_enrolment(work, reward->window);
  reward->is_withdrawn = !enrolment || enrolment->outcome != Outcome::qualified;
  write_reward(work, *reward);
  return work.finish({});
}

WriteSet hold_member(Work& work, const HoldMember& command) {
  auto member = work.find<Member>(keys::member(command.member)).value_or(Member{});
  member.id = command.member;
  if (member.on_hold == command.on_hold) return work.finish({.code = ReplyCode::repeated});
  member.on_hold = command.on_hold;
  work.put(keys::member(command.member), member);
  return work.finish({});
}

WriteSet set_fence(Work& work, const Command& command, const SetFence& change) {
  Fence fence = read_fence(work);
  if (!fence.is_up && !change.is_up) return work.finish({.code = ReplyCode::repeated});
  if (command.needs_second_person && !change.is_up) {
    Command proposed = command;
    proposed.body = SetFence{false, change.reason, fence.since};
    return await_approval(work, proposed,
                          {.action = "unfence",
                           .subject = "rewards",
                           .detail = "send rewards again; fenced because: " + fence.reason,
                           .member = {}});
  }
  // Raised anew while it is up, it is about calls that were lost since.
  if (!change.is_up && change.of && *change.of != fence.since) {
    return Work::refuse(ReplyCode::invalid, "the fence was raised again since: look, and ask anew");
  }
  if (change.is_up) fence.since = work.recorded_at();
  fence.is_up = change.is_up;
  fence.reason = change.reason;
  work.put(keys::fence(), fence);
  return work.finish({});
}

WriteSet give_up_reward(Work& work, const GiveUpReward& command) {
  auto reward = find_reward(work, command.window, command.issue);
  if (!reward) return Work::refuse(ReplyCode::unknown_reward);
  if (next_reward_step(*reward, command.policy, read_fence(work), work.recorded_at()) !=
      RewardStep::give_up) {
    return Work::refuse(ReplyCode::stale_attempt);
  }
  reward->state = state_given_up(*reward, read_fence(work));
  hand_to_people(work, *reward, "no final answer within the attempts or the key's life");
  write_reward(work, *reward);
  emit_reward(work, EventType::reward_failed, *reward);
  return work.finish({});
}

}  // namespace thaw
