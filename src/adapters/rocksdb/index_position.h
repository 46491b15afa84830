#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace thaw {

/// The row that says how far the index has come. Not a key of any row of the ledger: those have a
/// tag and a slash.
inline constexpr const char* kIndexPositionKey = "!position";

/// Nothing if it is not a number.
inline std::optional<std::uint64_t> parse_index_position(std::string_view text) {
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return position;
}

}  // namespace thaw
