#include "adapters/loyalty/retry_after.h"

#include <algorithm>
#include <charconv>

namespace thaw {
namespace {

constexpr Duration kLongest = Duration::days(1);
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view kWeekdays = "MonTueWedThuFriSatSun";

/// `text` as a number of exactly so many digits; -1 if it is none.
int number(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// The place of a three-letter name, from 0; -1 if it is none of them.
int place_of(std::string_view name, std::string_view names) {
  for (std::size_t at = 0; at < names.size(); at += 3) {
    if (names.substr(at, 3) == name) return static_cast<int>(at / 3);
  }
  return -1;
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text) {
  // "Wed, 21 Oct 2026 07:28:00 GMT"
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const int day = number(text.substr(5, 2));
  const int month = place_of(text.substr(8, 3), kMonths);
  const int year = number(text.substr(12, 4));
  const int hour = number(text.substr(17, 2));
  const int minute = number(text.substr(20, 2));
  const int second = number(text.substr(23, 2));
  if (place_of(text.substr(0, 3), kWeekdays) < 0 || day < 1 || month < 0 || year < 1970 ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  const CivilDate date{year, static_cast<unsigned>(month + 1), static_cast<unsigned>(day)};
  if (!is_valid(date)) return std::nullopt;
  const std::int64_t seconds = ((days_from_civil(date) * 24 + hour) * 60 + minute) * 60 + second;
  return Instant{seconds * 1000};
}

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size() && !text.starts_with('-') &&
      error != std::errc::invalid_argument) {
    if (error == std::errc::result_out_of_range) return kLongest;
    return std::min(Duration::seconds(std::min<std::int64_t>(seconds, 86'400)), kLongest);
  }
  const auto at = parse_http_date(text);
  if (!at) return std::nullopt;
  return std::clamp(*at - now, Duration{0}, kLongest);
}

}  // namespace thaw
