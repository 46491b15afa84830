#include "sim/auditor/reference.h"

#include <algorithm>

#include "base/card_numbers.h"

namespace thaw::audit {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_member_letter(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

// Banks print account numbers and CRNs in groups.
std::string without_gaps(std::string_view value) {
  std::string kept;
  for (const char c : value) {
    if (c != ' ' && c != '-') kept += c;
  }
  return kept;
}

bool is_grouped(std::string_view type) {
  return type == "bpay_crn" || type == "account_bsb_number";
}

std::string plain(std::string_view type, std::string_view value) {
  return is_grouped(type) ? without_gaps(value) : std::string(value);
}

bool has_digits(const std::string& text, std::size_t low, std::size_t high) {
  return text.size() >= low && text.size() <= high && std::ranges::all_of(text, is_digit);
}

}  // namespace

bool is_well_formed(std::string_view type, std::string_view value) {
  const std::string text = plain(type, value);
  if (type == "bpay_crn") return has_digits(text, 2, 20);
  if (type == "account_bsb_number") return has_digits(text, 7, 15);  // BSB of six, then the account
  if (type == "card_token") return !text.empty() && !is_card_number(text);
  if (type == "payid") return !text.empty();
  return type == "member_id" && !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(text, is_member_letter);
}

const Claim* find_claim(const History& history, std::string_view type, std::string_view value,
                        Instant at) {
  const std::string text = plain(type, value);
  for (const Claim& claim : history.claims) {
    const bool is_it = claim.type == type && plain(type, claim.value) == text;
    if (is_it && at >= claim.from && at < claim.until) return &claim;
  }
  return nullptr;
}

}  // namespace thaw::audit
