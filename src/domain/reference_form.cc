#include "domain/reference_form.h"

#include <algorithm>

#include "base/card_numbers.h"
#include "base/text.h"

namespace thaw {
namespace {

constexpr std::size_t kLongest = 128;
constexpr std::size_t kShortestPayid = 3;
constexpr std::size_t kBsbDigits = 6;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The text without spaces and dashes, if all else is `wanted`.
template <typename Wanted>
std::optional<std::string> strip(std::string_view text, Wanted wanted) {
  std::string stripped;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!wanted(c)) return std::nullopt;
    stripped += c;
  }
  return stripped;
}

std::optional<std::string> read_digits(std::string_view text, std::size_t fewest,
                                       std::size_t most) {
  auto digits = strip(text, is_digit);
  if (!digits || digits->size() < fewest || digits->size() > most) return std::nullopt;
  return digits;
}

std::optional<std::string> read_payid(std::string_view text) {
  if (auto number = strip(text, [](char c) { return is_digit(c) || c == '+'; });
      number && number->size() >= kShortestPayid) {
    return number;
  }
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name.size() < kShortestPayid || name.find(' ') != std::string::npos) return std::nullopt;
  return name;
}

std::optional<std::string> read_token(std::string_view text) {
  const bool is_plain =  // it is printable already
      std::all_of(text.begin(), text.end(),
                  [](char c) { return c != ' ' && static_cast<unsigned char>(c) < 0x80; });
  if (!is_plain || is_card_number(text)) return std::nullopt;
  return std::string(text);
}

}  // namespace

std::optional<std::string> normalise_reference(std::string_view type, std::string_view value) {
  if (value.empty() || value.size() > kLongest || !is_printable_utf8(value)) return std::nullopt;
  if (type == "bpay_crn") return read_digits(value, 2, 20);
  if (type == "account_bsb_number") return read_digits(value, kBsbDigits + 2, kBsbDigits + 10);
  if (type == "payid") return read_payid(value);
  if (type == "card_token") return read_token(value);
  return std::nullopt;
}

}  // namespace thaw
