#pragma once

#include <cstddef>
#include <string_view>

namespace thaw {

/// True if the bytes are well-formed UTF-8 (no overlong form, no surrogate, none beyond U+10FFFF)
/// without control characters (C0, DEL, C1). Such text can be shown, logged and put into JSON as it
/// is. Source: Unicode 15.0, table 3-7.
bool is_printable_utf8(std::string_view text);

/// True if the bytes are well-formed UTF-8 and none is NUL: text that may have lines and tabs.
bool is_text(std::string_view text);

/// The front of well-formed UTF-8, at most so many bytes, without a broken character at its end.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace thaw
