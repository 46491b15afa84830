#pragma once

#include <cstdint>
#include <string_view>

#include "sim/auditor/item.h"

namespace thaw::audit {

/// One enrolment's window and the rules under which it judges. SPEC §2.1, §2.3.
struct Window {
  const Rules* rules = nullptr;
  Instant from;
  Instant until;       // half-open; grace begins
  Instant decides_at;  // grace ends
};

/// The window of one enrolment of the history.
Window window_of(const History& history, const Enrolment& enrolment);

/// Why an item of this amount does not count here, before reversals: the first reason in SPEC's
/// order, or nothing. A withdrawal needs neither rail nor minimum.
std::string_view exclusion_of(const Window& window, const Item& item, std::int64_t amount);

/// True where only part of the span that a settlement date stands for (of a withdrawal: of any
/// span) lies where it would count.
bool is_timing_uncertain(const Window& window, const Item& item);

/// What an amount counts for, once it is not excluded: SPEC §2.4, "Reversals come off it, then the
/// cap applies".
std::int64_t count_of(const Window& window, std::int64_t amount, std::int64_t reversed);

/// What the item would count for here if nothing held or reversed it.
std::int64_t effect_of(const Window& window, const Item& item);

/// True for what was made in grace (docs/adr/0021): a withdrawal, if any part lies there; a load,
/// if it was made after the window and any part lies there, a settlement date's days as a whole.
bool is_in_grace(const Window& window, const Item& item);

}  // namespace thaw::audit
