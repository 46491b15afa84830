#pragma once

#include <string_view>

#include "base/instant.h"

namespace thaw::audit {

// Local days, SPEC §2.3. Only "Australia/Sydney" and "UTC" are known; the rule of Sydney is that in
// force since 2008. Written here so that it shares no table with the server.

/// The local date at an instant.
CivilDate local_date(Instant at, std::string_view zone);

/// The first instant of a local day; a day is 23, 24 or 25 hours long.
Instant start_of_day(CivilDate date, std::string_view zone);

/// The date so many days later (earlier if negative).
CivilDate days_after(CivilDate date, std::int64_t days);

}  // namespace thaw::audit
