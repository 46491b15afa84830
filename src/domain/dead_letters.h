#pragma once

#include <optional>
#include <string>
#include <string_view>

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
  std::string case_id;
};
template <typename Archive>
void describe(Archive& ar, DeadLetter& d) {
  ar(d.consumer, d.item, d.member, d.reason, d.at, d.attempts, d.window, d.issue, d.case_id);
}

/// The consumer that sends rewards, and what its dead letters are filed under.
inline constexpr const char* kRewardLetters = "rewards";
/// Timers, and the consumer that asks for rewards.
inline constexpr const char* kTimerLetters = "timers";
inline constexpr const char* kGrantLetters = "grants";

/// "{window id}@{due as epoch ms}": names a timer where people read it.
std::string make_timer_item(Instant due, const WindowId& window);
struct TimerItem {
  Instant due;
  WindowId window;
};
std::optional<TimerItem> parse_timer_item(std::string_view item);

void put_dead_letter(Work& work, const DeadLetter& letter);

}  // namespace thaw
