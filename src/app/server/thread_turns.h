#pragma once

namespace thaw {

// How the calling thread shares the processors with others. Needs no privilege; where the system
// knows no such thing, nothing happens.

/// For work that can wait: where processors are short, other threads get about three times as much.
/// Not less than that: merging that is starved ends in the writer waiting for it.
void give_way();

/// For work that others wait for and that takes little time: its turn comes soon after it wakes,
/// and is short. What it gets in all stays the same. Linux 6.12 and later.
void take_short_turns();

}  // namespace thaw
