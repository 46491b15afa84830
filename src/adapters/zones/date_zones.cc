#include "adapters/zones/date_zones.h"

#include <date/tz.h>

#include <chrono>
#include <stdexcept>

namespace thaw {
namespace {

date::sys_time<std::chrono::milliseconds> to_sys(Instant at) {
  return date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at.ms));
}

const date::time_zone* find_zone(std::string_view zone) {
  try {
    return date::locate_zone(std::string(zone));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

bool DateZones::knows(std::string_view zone) const {
  return find_zone(zone) != nullptr;
}

Instant DateZones::start_of(CivilDate date, std::string_view zone) const {
  const date::time_zone* found = find_zone(zone);
  const std::chrono::milliseconds midnight =
      std::chrono::hours(24) * static_cast<std::int64_t>(days_from_civil(date));
  if (!found) return Instant{midnight.count()};
  const date::local_time<std::chrono::milliseconds> local(midnight);
  // A midnight that DST skips begins at the jump; one that it repeats begins at its first reading.
  const date::sys_time<std::chrono::milliseconds> sys =
      found->to_sys(local, date::choose::earliest);
  return Instant{sys.time_since_epoch().count()};
}

CivilDate DateZones::date_of(Instant at, std::string_view zone) const {
  const date::time_zone* found = find_zone(zone);
  const auto local_ms =
      found ? found->to_local(to_sys(at)).time_since_epoch() : to_sys(at).time_since_epoch();
  const auto days = date::floor<date::days>(local_ms);
  return civil_from_days(days.count());
}

std::string DateZones::data_version() const {
  try {
    return date::get_tzdb().version;
  } catch (const std::runtime_error&) {
    return "unknown";
  }
}

}  // namespace thaw
