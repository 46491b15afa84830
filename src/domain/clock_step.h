#pragma once

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "domain/state.h"

namespace thaw {

struct NoteClock;
struct ReleaseClock;

/// The wall clock and the time since boot, read together. Within one boot both go on by the same
/// amount, unless somebody sets the wall clock.
struct ClockReading {
  Instant wall;
  std::int64_t since_boot_ms = 0;
  std::string boot;  // id of the boot; empty: a manual clock, which is never suspected
};
template <typename Archive>
void describe(Archive& ar, ClockReading& r) {
  ar(r.wall, r.since_boot_ms, r.boot);
}

/// The last reading that was trusted, and whether timers wait for a person since.
struct ClockWatch {
  ClockReading trusted;
  bool is_held = false;
  Instant held_since;
  Duration ahead;  // of where the wall clock should have been
};
template <typename Archive>
void describe(Archive& ar, ClockWatch& w) {
  ar(w.trusted, w.is_held, w.held_since, w.ahead);
}

/// How far the wall clock is ahead of where the trusted reading and the time since boot put it;
/// nothing where that cannot be told: another boot, a manual clock.
Duration measure_step(const ClockReading& trusted, const ClockReading& now);

/// True if that is more than DESIGN §2 ("Timers") tolerates: 60 s.
bool is_step(const ClockReading& trusted, const ClockReading& now);

/// Journals a reading. One that has stepped is not trusted: timers are held until a person looks.
WriteSet note_clock(Work& work, const NoteClock& command);

/// A person has looked: the reading is trusted, timers go on. Takes two persons.
WriteSet release_clock(Work& work, const Command& command, const ReleaseClock& release);

}  // namespace thaw
