#include "base/text.h"

#include <cstddef>
#include <cstdint>

namespace thaw {
namespace {

/// A lead byte's number of following bytes, and the smallest character that needs so many.
struct Lead {
  std::size_t following;
  std::uint32_t bits;
  std::uint32_t smallest;
};

/// `following` beyond 3: no lead byte.
Lead read_lead(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte >= 0xc2 && byte < 0xe0) return {1, byte & 0x1fU, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {2, byte & 0x0fU, 0x800};
  if (byte >= 0xf0 && byte < 0xf5) return {3, byte & 0x07U, 0x10000};
  return {4, 0, 0};
}

bool is_scalar(std::uint32_t character) {
  const bool is_surrogate = character >= 0xd800 && character < 0xe000;
  return !is_surrogate && character <= 0x10ffff;
}

bool is_control(std::uint32_t character) {
  return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

/// True if it is all UTF-8, and `is_allowed` of each character.
template <typename IsAllowed>
bool all_of(std::string_view text, IsAllowed is_allowed) {
  while (!text.empty()) {
    const Lead lead = read_lead(static_cast<unsigned char>(text.front()));
    if (lead.following > 3 || text.size() <= lead.following) return false;
    std::uint32_t character = lead.bits;
    for (std::size_t i = 1; i <= lead.following; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xc0U) != 0x80) return false;
      character = character << 6 | (byte & 0x3fU);
    }
    if (character < lead.smallest || !is_scalar(character) || !is_allowed(character)) return false;
    text.remove_prefix(1 + lead.following);
  }
  return true;
}

}  // namespace

bool is_printable_utf8(std::string_view text) {
  return all_of(text, [](std::uint32_t character) { return !is_control(character); });
}

bool is_text(std::string_view text) {
  return all_of(text, [](std::uint32_t character) { return character != 0; });
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace thaw
