#include "app/demo/sydney.h"

namespace thaw::demo {
namespace {

Duration offset_at(Instant at) {
  return Duration::hours(at < summer_time_ends() ? 11 : 10);
}

}  // namespace

Instant at_utc(unsigned month, unsigned day, int hours, int minutes) {
  return Instant{} + Duration::days(days_from_civil({2026, month, day})) + Duration::hours(hours) +
         Duration::minutes(minutes);
}

Instant summer_time_ends() {
  static const Instant kEnds = at_utc(4, 4, 16);
  return kEnds;
}

CivilDate sydney_date(Instant at) {
  const Instant local = at + offset_at(at);
  return civil_from_days(local.ms / Duration::days(1).ms);
}

Instant start_of_sydney_day(CivilDate date) {
  const Instant midnight = Instant{} + Duration::days(days_from_civil(date));
  // 5 April 2026 still begins at UTC+11.
  return midnight - Duration::hours(date <= CivilDate{2026, 4, 5} ? 11 : 10);
}

std::string sydney_text(Instant at) {
  std::string text = to_rfc3339(at + offset_at(at));
  text.pop_back();  // Z
  return text + (at < summer_time_ends() ? "+11:00" : "+10:00");
}

CivilDate add_days(CivilDate date, std::int64_t days) {
  return civil_from_days(days_from_civil(date) + days);
}

bool is_bank_day(CivilDate date) {
  if (date == CivilDate{2026, 4, 3} || date == CivilDate{2026, 4, 6}) return false;
  const std::int64_t weekday = (days_from_civil(date) + 4) % 7;  // 1970-01-01: Thursday
  return weekday >= 1 && weekday <= 5;
}

CivilDate bank_day_from(CivilDate date) {
  while (!is_bank_day(date)) date = add_days(date, 1);
  return date;
}

CivilDate bank_day_after(CivilDate date) {
  return bank_day_from(add_days(date, 1));
}

}  // namespace thaw::demo
