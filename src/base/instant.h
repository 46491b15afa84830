#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace thaw {

/// A length of time in milliseconds; exact, never calendar days (SPEC §1, "window").
struct Duration {
  std::int64_t ms = 0;

  static constexpr Duration milliseconds(std::int64_t n) { return {n}; }
  static constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
  static constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
  static constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
  static constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
};

/// A moment in UTC, in milliseconds since 1970-01-01. Time is input: nothing below `app` reads a
/// clock.
struct Instant {
  std::int64_t ms = 0;

  static constexpr Instant min() { return {std::numeric_limits<std::int64_t>::min()}; }
  static constexpr Instant max() { return {std::numeric_limits<std::int64_t>::max()}; }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, Duration d) { return {at.ms + d.ms}; }
  friend constexpr Instant operator-(Instant at, Duration d) { return {at.ms - d.ms}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }
};

/// Years accepted from outside: 1970 to 9999. Keeps every sum of an instant and a campaign's
/// durations far from overflow.
inline constexpr Instant kEarliestInstant{0};
inline constexpr Instant kLatestInstant{253'402'300'799'999};

/// "2025-11-03T02:11:09.123Z", always three decimals.
std::string to_rfc3339(Instant at);

/// RFC 3339 with an offset ("Z" or "+11:00"); fractions beyond the millisecond are cut. Nothing for
/// text that is not exactly that, for dates that do not exist, or for years outside 1970 to 9999.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// ISO 8601 "P30D", "PT48H", "P1DT2H30M", "PT1.5S": weeks, days, hours, minutes, seconds; no months
/// or years, whose length varies. Nothing for text that is not that, is empty of parts, or exceeds
/// 100 years.
std::optional<Duration> parse_iso_duration(std::string_view text);

/// The shortest form that parses back: "P30D", "PT48H" stays hours only when not whole days.
std::string to_iso_duration(Duration length);

/// A civil (local or UTC) calendar date, proleptic Gregorian.
struct CivilDate {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  friend constexpr auto operator<=>(const CivilDate&, const CivilDate&) = default;
};

/// Days since 1970-01-01. The date must exist.
std::int64_t days_from_civil(CivilDate date);
CivilDate civil_from_days(std::int64_t days);
bool is_valid(CivilDate date);

/// "2025-11-03".
std::string to_string(CivilDate date);
std::optional<CivilDate> parse_date(std::string_view text);

}  // namespace thaw
