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
};
template <typename Archive>
void describe(Archive& ar, DeadLetter& d) {
  ar(d.consumer, d.item, d.member, d.reason, d.at, d.attempts);
}

void put_dead_letter(Work& work, const DeadLetter& letter);

}  // namespace thaw
