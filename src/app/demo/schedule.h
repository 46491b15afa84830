#pragma once

#include <vector>

#include "app/demo/sydney.h"
#include "base/instant.h"

namespace thaw::demo {

// The demo's time moves in slots of six hours. What is reported in a slot is recorded at its
// instant, to the millisecond: so a reader can say beforehand what a verdict may use.

inline constexpr Duration kSlot = Duration::hours(6);
inline constexpr Duration kWindow = Duration::days(30);
inline constexpr Duration kGrace = Duration::hours(48);
inline constexpr Duration kSettlementWait = Duration::days(5);

Instant month_begins();      // 2026-03-01T00:00:00Z
Instant month_ends();        // the last slot: 2026-04-12T00:00:00Z
Instant enrolment_opens();   // 2026-03-03T00:00:00Z
Instant enrolment_closes();  // 2026-03-08T00:00:00Z

std::vector<Instant> all_slots();
/// The first slot at or after `at`.
Instant slot_from(Instant at);

/// The card party's files are cumulative: one in the afternoon, and one at night that repeats it.
Instant card_afternoon(CivilDate date);
Instant card_night(CivilDate date);
/// The file date of a card payment that is settled the same day.
CivilDate card_file_date(Instant made_at);

/// When the bank's file of a bank day arrives: the same night, but that of 8 April comes late.
Instant bank_file_arrives(CivilDate bank_day);
CivilDate late_bank_file();
/// The bank day whose file shows a payment; later ones come with `days_late`.
CivilDate bank_file_date(Instant made_at, std::int64_t days_late);
std::vector<CivilDate> all_bank_days();

}  // namespace thaw::demo
