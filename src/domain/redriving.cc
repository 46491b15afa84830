#include "domain/redriving.h"

#include <algorithm>

#include "domain/approving.h"
#include "domain/cases.h"
#include "domain/dead_letters.h"
#include "domain/keys.h"
#include "domain/reward.h"
#include "domain/rewarding.h"

namespace thaw {
namespace {

constexpr std::size_t kLooked = 1000;

/// The timer comes back as it was; if the enrolment has moved on, it does nothing when it fires.
WriteSet redrive_timer(Work& work, const DeadLetter& letter) {
  const auto timer = parse_timer_item(letter.item);
  const auto member = work.find<Member>(keys::member(letter.member));
  if (!timer || !member) return Work::refuse(ReplyCode::unknown_enrolment, letter.item);
  for (const Enrolment& enrolment : member->enrolments) {
    if (enrolment.id != timer->window) continue;
    work.put(keys::timer(timer->due, timer->window), Timer{letter.member, enrolment.generation});
  }
  return work.finish({});
}

/// What the verdict in force asks for, done now, unless it has been done since.
WriteSet redrive_grant(Work& work, const DeadLetter& letter) {
  const auto member = work.find<Member>(keys::member(letter.member)).value_or(Member{});
  for (const Enrolment& enrolment : member.enrolments) {
    if (enrolment.id != letter.window) continue;
    WriteSet set = enrolment.outcome == Outcome::qualified ? request_reward(work, {letter.window})
                                                           : withdraw_reward(work, {letter.window});
    if (is_success(set.reply.code)) return set;
  }
  return work.finish({});
}

WriteSet give_back(Work& work, const DeadLetter& letter) {
  if (letter.consumer == kRewardLetters) return redrive_reward(work, letter);
  if (letter.consumer == kTimerLetters) return redrive_timer(work, letter);
  if (letter.consumer == kGrantLetters) return redrive_grant(work, letter);
  return Work::refuse(ReplyCode::invalid, "nothing of this consumer can be redriven");
}

WriteSet redrive_letter(Work& work, const Command& command, const DeadLetter& letter) {
  work.erase(keys::dead_letter(letter.consumer, letter.item));
  if (!letter.case_id.empty()) {
    close_case(work, letter.case_id, CaseState::approved, command.principal, "redriven");
  }
  return give_back(work, letter);
}

}  // namespace

WriteSet set_aside(Work& work, const SetAside& command) {
  DeadLetter letter;
  letter.consumer = command.consumer;
  letter.item = command.item;
  letter.member = command.member;
  letter.window = command.window;
  letter.reason = command.reason;
  letter.at = work.recorded_at();
  if (work.has(keys::dead_letter(letter.consumer, letter.item))) {
    return work.finish({.code = ReplyCode::repeated});
  }
  letter.case_id = find_open_id(work, "poison-" + command.consumer + "-" + command.item);
  open_case(work, {.id = letter.case_id,
                   .kind = CaseKind::poison,
                   .member = command.member,
                   .window = command.window,
                   .subject = command.item,
                   .detail = command.reason});
  put_dead_letter(work, letter);
  const auto timer = parse_timer_item(command.item);
  if (command.consumer == kTimerLetters && timer) {
    work.erase(keys::timer(timer->due, timer->window));
  }
  return work.finish({.case_id = letter.case_id});
}

WriteSet redrive(Work& work, const Command& command, const RedriveDeadLetter& which) {
  const auto letter = work.find<DeadLetter>(keys::dead_letter(which.consumer, which.item));
  if (!letter) return Work::refuse(ReplyCode::unknown_dead_letter, which.item);
  return redrive_letter(work, command, *letter);
}

WriteSet redrive_all(Work& work, const Command& command, const RedriveAll& which) {
  if (command.needs_second_person) {
    return await_approval(work, command,
                          {.action = "redrive",
                           .subject = which.consumer,
                           .detail = "redrive all dead letters of " + which.consumer,
                           .member = {}});
  }
  const Instant up_to = which.up_to.value_or(work.recorded_at());
  const auto letters = work.scan<DeadLetter>(keys::dead_letters_of(which.consumer), kLooked);
  const auto next = std::find_if(letters.begin(), letters.end(),
                                 [&](const auto& found) { return found.second.at <= up_to; });
  if (next == letters.end()) return work.finish({});
  WriteSet set = redrive_letter(work, command, next->second);
  if (!is_success(set.reply.code)) return set;
  set.next = std::make_shared<Command>(
      Command{RedriveAll{which.consumer, up_to}, command.principal, false, {}});
  return set;
}

}  // namespace thaw
