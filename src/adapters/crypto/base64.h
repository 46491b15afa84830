#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace thaw {

/// RFC 4648 §4, with padding, without line breaks.
std::string to_base64(std::string_view bytes);

/// Strict: nothing for other characters, missing or misplaced padding, or spare bits that are not
/// zero, so that each byte string has exactly one text.
std::optional<std::string> parse_base64(std::string_view text);

}  // namespace thaw
