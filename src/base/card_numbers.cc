#include "base/card_numbers.h"

#include <cstddef>
#include <vector>

namespace thaw {
namespace {

constexpr std::size_t kDigitsMin = 13;
constexpr std::size_t kDigitsMax = 19;
constexpr std::size_t kDigitsShown = 4;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Where the digits of one number stand in the text.
using Places = std::vector<std::size_t>;

/// ISO/IEC 7812-1: every second digit from the right counts twice.
bool passes_luhn(std::string_view text, const Places& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = text[digits[digits.size() - 1 - i]] - '0';
    const int twice = digit * 2;
    sum += i % 2 == 0 ? digit : twice / 10 + twice % 10;
  }
  return sum % 10 == 0;
}

bool is_number_of_card(std::string_view text, const Places& digits) {
  if (digits.size() < kDigitsMin || digits.size() > kDigitsMax) return false;
  const char first = text[digits.front()];
  return first >= '2' && first <= '6' && passes_luhn(text, digits);
}

/// The longest card number that begins at `from`, where a group of digits begins; empty: none. It
/// ends where a group does.
Places find_number(std::string_view text, std::size_t from) {
  Places digits;
  Places longest;
  for (std::size_t at = from; at < text.size() && digits.size() <= kDigitsMax; ++at) {
    if (!is_digit(text[at])) {
      const bool joins =
          (text[at] == ' ' || text[at] == '-') && at + 1 < text.size() && is_digit(text[at + 1]);
      if (!joins) break;
      continue;
    }
    digits.push_back(at);
    const bool ends_group = at + 1 == text.size() || !is_digit(text[at + 1]);
    if (ends_group && is_number_of_card(text, digits)) longest = digits;
  }
  return longest;
}

}  // namespace

bool is_card_number(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return false;
  const Places digits = find_number(text, 0);
  return !digits.empty() && digits.back() + 1 == text.size();
}

std::string mask_card_numbers(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins_group = is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1]));
    if (!begins_group) continue;
    const Places digits = find_number(text, at);
    if (digits.empty()) continue;
    for (std::size_t i = 0; i + kDigitsShown < digits.size(); ++i) text[digits[i]] = '*';
    at = digits.back();
  }
  return text;
}

}  // namespace thaw
