#include "domain/redriving.h"

#include <fmt/format.h>

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

std::string case_of(Work& work, const DeadLetter& letter) {
  const auto parts = parse_window_id(letter.window.text());
  if (!parts) return {};
  const auto reward = work.find<Reward>(keys::reward(parts->member, letter.window, letter.issue));
  return reward ? reward->case_id : std::string();
}

WriteSet redrive_letter(Work& work, const Command& command, const DeadLetter& letter) {
  if (letter.consumer != kRewardLetters) {
    return Work::refuse(ReplyCode::invalid, "nothing of this consumer can be redriven");
  }
  const std::string case_id = case_of(work, letter);
  work.erase(keys::dead_letter(letter.consumer, letter.item));
  if (!case_id.empty()) {
    close_case(work, case_id, CaseState::approved, command.principal, "redriven");
  }
  return redrive_reward(work, letter);
}

}  // namespace

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
