#pragma once

#include <string>

#include "base/instant.h"

namespace thaw::demo {

// Sydney in the autumn of 2026, written down and not asked of the zone data: the server's use of
// that is among the things which the demo checks.

/// "2026-04-04T16:00:00Z": 03:00 at UTC+11 becomes 02:00 at UTC+10.
Instant summer_time_ends();
Instant at_utc(unsigned month, unsigned day, int hours = 0, int minutes = 0);

CivilDate sydney_date(Instant at);
Instant start_of_sydney_day(CivilDate date);
/// RFC 3339 with the offset of that moment: "2026-03-09T14:05:11.123+11:00".
std::string sydney_text(Instant at);

CivilDate add_days(CivilDate date, std::int64_t days);
/// Monday to Friday, but for Good Friday and Easter Monday.
bool is_bank_day(CivilDate date);
/// `date` itself, or the first bank day after it.
CivilDate bank_day_from(CivilDate date);
CivilDate bank_day_after(CivilDate date);

}  // namespace thaw::demo
