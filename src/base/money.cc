#include "base/money.h"

#include <fmt/format.h>

#include "base/check.h"

namespace thaw {

std::optional<Currency> Currency::parse(std::string_view text) {
  Currency currency;
  if (text.size() != currency.letters_.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 'A' || text[i] > 'Z') return std::nullopt;
    currency.letters_[i] = text[i];
  }
  return currency;
}

Minor Minor::of(std::int64_t units) {
  const auto minor = make(units);
  CHECK(minor.has_value());
  return *minor;
}

std::string to_string(const Money& money) {
  const std::int64_t units = money.minor.units();
  const std::int64_t magnitude = units < 0 ? -units : units;
  return fmt::format("{} {}{}.{:02}", money.currency.text(), units < 0 ? "-" : "", magnitude / 100,
                     magnitude % 100);
}

}  // namespace thaw
