#pragma once

#include <string>

#include "domain/state.h"

namespace thaw {

/// Something that a consumer could not do, set aside for a person.
struct DeadLetter {
  std::string consumer;
  std::string item;  // event id, or the idempotency key of a reward
  MemberId member;   // whose later events for this consumer wait
  std::string reason;
  Instant at;
  std::int64_t attempts = 0;
  WindowId window;         // empty: of none
  std::int64_t issue = 0;  // of a reward
};
template <typename Archive>
void describe(Archive& ar, DeadLetter& d) {
  ar(d.consumer, d.item, d.member, d.reason, d.at, d.attempts, d.window, d.issue);
}

/// The consumer that sends rewards, and what its dead letters are filed under.
inline constexpr const char* kRewardLetters = "rewards";

void put_dead_letter(Work& work, const DeadLetter& letter);

}  // namespace thaw
