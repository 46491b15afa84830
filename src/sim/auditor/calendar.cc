#include "sim/auditor/calendar.h"

#include "base/check.h"

namespace thaw::audit {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr Duration kStandard = Duration::hours(10);
constexpr Duration kSummer = Duration::hours(11);

std::int64_t floor_days(std::int64_t ms) {
  const std::int64_t days = ms / kDay;
  return ms % kDay < 0 ? days - 1 : days;
}

std::int64_t first_sunday(int year, unsigned month) {
  const std::int64_t first = days_from_civil({year, month, 1});
  const std::int64_t weekday = (first + 4) % 7;  // 1970-01-01 was a Thursday; Sunday is 0
  return first + (7 - weekday) % 7;
}

// Both changes fall on 16:00 UTC of the Saturday: 03:00 summer time in April, 02:00 standard time
// in October.
Instant change_of(int year, unsigned month) {
  return Instant{first_sunday(year, month) * kDay} - Duration::hours(8);
}

Duration offset_at(Instant at, std::string_view zone) {
  if (zone == "UTC") return {};
  CHECK(zone == "Australia/Sydney");
  const int year = civil_from_days(floor_days(at.ms)).year;
  const bool is_standard = at >= change_of(year, 4) && at < change_of(year, 10);
  return is_standard ? kStandard : kSummer;
}

}  // namespace

CivilDate local_date(Instant at, std::string_view zone) {
  return civil_from_days(floor_days((at + offset_at(at, zone)).ms));
}

Instant start_of_day(CivilDate date, std::string_view zone) {
  const Instant midnight{days_from_civil(date) * kDay};
  if (zone == "UTC") return midnight;
  // No change falls on midnight, so one of the two offsets fits.
  const Instant in_summer = midnight - kSummer;
  return offset_at(in_summer, zone) == kSummer ? in_summer : midnight - kStandard;
}

CivilDate days_after(CivilDate date, std::int64_t days) {
  return civil_from_days(days_from_civil(date) + days);
}

}  // namespace thaw::audit
