#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thaw {

/// Three capital letters, ISO 4217 ("AUD"). Stored inline; compares as text.
class Currency {
 public:
  constexpr Currency() = default;

  /// Nothing unless exactly three letters A-Z.
  static std::optional<Currency> parse(std::string_view text);

  std::string_view text() const { return {letters_.data(), letters_.size()}; }
  friend constexpr auto operator<=>(Currency, Currency) = default;

 private:
  std::array<char, 3> letters_{'X', 'X', 'X'};
};

/// An amount in minor units (cents) without its currency: for sums whose currency is fixed by their
/// place, as the totals of an enrolment. Exact; there is no division and no floating point.
class Minor {
 public:
  /// Hard range of any amount or total: ±10^15 minor units. Two of them can be added without
  /// overflow, so checked arithmetic needs no wider type.
  static constexpr std::int64_t kMax = 1'000'000'000'000'000;

  constexpr Minor() = default;
  /// Outside the hard range: nothing.
  static constexpr std::optional<Minor> make(std::int64_t units) {
    if (units > kMax || units < -kMax) return std::nullopt;
    return Minor(units);
  }
  /// Within the hard range by construction (constants, tests): CHECKs.
  static Minor of(std::int64_t units);

  constexpr std::int64_t units() const { return units_; }
  constexpr bool is_zero() const { return units_ == 0; }

  /// Sum or difference, held at the end of the range instead of passing it. A total that could
  /// reach the range's end is refused long before (SPEC §2.4, `rejected:amount`).
  friend constexpr Minor operator+(Minor a, Minor b) { return clamp(a.units_ + b.units_); }
  friend constexpr Minor operator-(Minor a, Minor b) { return clamp(a.units_ - b.units_); }
  Minor& operator+=(Minor other) { return *this = *this + other; }
  Minor& operator-=(Minor other) { return *this = *this - other; }
  friend constexpr auto operator<=>(Minor, Minor) = default;

 private:
  explicit constexpr Minor(std::int64_t units) : units_(units) {}
  static constexpr Minor clamp(std::int64_t units) {
    return Minor(units > kMax ? kMax : units < -kMax ? -kMax : units);
  }
  std::int64_t units_ = 0;
};

/// An amount with its currency.
struct Money {
  Currency currency;
  Minor minor;
  friend constexpr auto operator<=>(const Money&, const Money&) = default;
};

/// Largest amount of one payment: 10^11 minor units. Ten thousand of them stay inside Minor's
/// range.
inline constexpr std::int64_t kLargestPayment = 100'000'000'000;

/// "AUD 123.45", for people and logs.
std::string to_string(const Money& money);

}  // namespace thaw
