#include "base/instant.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace thaw {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

/// Reads exactly `count` digits at the front of `text` and takes them off.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<CivilDate> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const CivilDate date{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
  if (!is_valid(date)) return std::nullopt;
  return date;
}

/// Milliseconds since midnight of "hh:mm:ss[.fraction]".
std::optional<std::int64_t> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  std::int64_t ms = 0;
  if (take(text, '.')) {
    std::int64_t scale = 100;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      ms += (text.front() - '0') * scale;
      scale /= 10;
      text.remove_prefix(1);
      ++digits;
    }
    if (digits == 0) return std::nullopt;
  }
  return ((*hour * 60LL + *minute) * 60 + *second) * 1000 + ms;
}

/// Offset from UTC in milliseconds: "Z" or "+hh:mm".
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const bool negative = !text.empty() && text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t offset = (*hours * 60LL + *minutes) * 60'000;
  return negative ? -offset : offset;
}

constexpr std::int64_t kLongestMs = 36'525 * kDayMs;

struct DurationUnit {
  char letter;
  std::int64_t ms;
};

constexpr std::array<DurationUnit, 2> kDateUnits{{{'W', 7 * kDayMs}, {'D', kDayMs}}};
constexpr std::array<DurationUnit, 3> kTimeUnits{{{'H', 3'600'000}, {'M', 60'000}, {'S', 1000}}};

/// Takes "<number><letter>" parts in the order of `units`; adds them to `total`; counts them in
/// `parts`.
template <std::size_t N>
bool take_parts(std::string_view& text, const std::array<DurationUnit, N>& units,
                std::int64_t& total, int& parts) {
  std::size_t next = 0;
  while (!text.empty() && text.front() != 'T') {
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9' && digits < 12) {
      number = number * 10 + (text.front() - '0');
      text.remove_prefix(1);
      ++digits;
    }
    if (digits == 0 || text.empty()) return false;
    std::int64_t fraction_ms = 0;
    if (text.front() == '.') {
      text.remove_prefix(1);
      std::int64_t scale = 100;
      std::size_t decimals = 0;
      while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        fraction_ms += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
        ++decimals;
      }
      if (decimals == 0 || decimals > 3 || text.empty() || text.front() != 'S') return false;
    }
    while (next < N && units[next].letter != text.front()) ++next;
    if (next == N || number > kLongestMs / units[next].ms) return false;
    total += number * units[next].ms + fraction_ms;
    if (total > kLongestMs) return false;
    text.remove_prefix(1);
    ++next;
    ++parts;
  }
  return true;
}

}  // namespace

bool is_valid(CivilDate date) {
  return std::chrono::year_month_day(std::chrono::year(date.year), std::chrono::month(date.month),
                                     std::chrono::day(date.day))
      .ok();
}

std::int64_t days_from_civil(CivilDate date) {
  const std::chrono::sys_days days = std::chrono::year_month_day(
      std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day));
  return days.time_since_epoch().count();
}

CivilDate civil_from_days(std::int64_t days) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<std::int32_t>(days)))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

std::string to_string(CivilDate date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::optional<CivilDate> parse_date(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !text.empty() || date->year < 1970) return std::nullopt;
  return date;
}

std::string to_rfc3339(Instant at) {
  std::int64_t days = at.ms / kDayMs;
  std::int64_t rest = at.ms % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --days;
  }
  const CivilDate date = civil_from_days(days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", date.year, date.month, date.day,
                     rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date || (!take(text, 'T') && !take(text, 't'))) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const Instant at{days_from_civil(*date) * kDayMs + *time - *offset};
  if (at < kEarliestInstant || at > kLatestInstant) return std::nullopt;
  return at;
}

std::optional<Duration> parse_iso_duration(std::string_view text) {
  std::int64_t total = 0;
  int parts = 0;
  if (!take(text, 'P') || !take_parts(text, kDateUnits, total, parts)) return std::nullopt;
  if (!text.empty()) {
    const int before = parts;
    if (!take(text, 'T') || !take_parts(text, kTimeUnits, total, parts) || parts == before) {
      return std::nullopt;
    }
  }
  if (parts == 0 || !text.empty()) return std::nullopt;
  return Duration{total};
}

std::string to_iso_duration(Duration length) {
  if (length.ms % kDayMs == 0) return fmt::format("P{}D", length.ms / kDayMs);
  if (length.ms % 3'600'000 == 0) return fmt::format("PT{}H", length.ms / 3'600'000);
  if (length.ms % 60'000 == 0) return fmt::format("PT{}M", length.ms / 60'000);
  if (length.ms % 1000 == 0) return fmt::format("PT{}S", length.ms / 1000);
  return fmt::format("PT{}.{:03}S", length.ms / 1000, length.ms % 1000);
}

}  // namespace thaw
