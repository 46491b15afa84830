#include "domain/ids.h"

#include <fmt/format.h>

#include <charconv>

#include "base/card_numbers.h"
#include "base/text.h"

namespace thaw {
namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_slug_char(char c) {
  return is_lower_or_digit(c) || c == '-';
}
bool is_member_char(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

template <typename Id, typename IsAllowed>
std::optional<Id> parse_id(std::string_view text, std::size_t longest, IsAllowed is_allowed) {
  if (text.empty() || text.size() > longest) return std::nullopt;
  for (const char c : text) {
    if (!is_allowed(c)) return std::nullopt;
  }
  return Id(std::string(text));
}

}  // namespace

std::optional<CampaignId> parse_campaign_id(std::string_view text) {
  return parse_id<CampaignId>(text, 32, is_slug_char);
}

std::optional<MemberId> parse_member_id(std::string_view text) {
  if (is_card_number(text)) return std::nullopt;
  return parse_id<MemberId>(text, 64, is_member_char);
}

std::optional<ProviderId> parse_provider_id(std::string_view text) {
  return parse_id<ProviderId>(text, 32, is_slug_char);
}

bool is_provider_text(std::string_view text) {
  return !text.empty() && text.size() <= 128 && is_printable_utf8(text);
}

WindowId make_window_id(const CampaignId& campaign, const MemberId& member, Instant enrolled_at) {
  return WindowId(fmt::format("{}.{}.{}", campaign.text(), member.text(), enrolled_at.ms));
}

std::optional<WindowParts> parse_window_id(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto campaign = parse_campaign_id(text.substr(0, first));
  const auto member = parse_member_id(text.substr(first + 1, last - first - 1));
  const std::string_view digits = text.substr(last + 1);
  std::int64_t ms = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), ms);
  // One instant has one spelling: what was read has to give the same text.
  const std::string spelled = std::to_string(ms);
  if (!campaign || !member || ms < 0 || digits != spelled) return std::nullopt;
  return WindowParts{*campaign, *member, Instant{ms}};
}

}  // namespace thaw
