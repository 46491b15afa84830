#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace thaw {

/// Where a character outside of ASCII stands outside of texts and comments, where TOML 1.0 has
/// none; nothing if there is none. Of text that is no TOML it says so up to the first fault. toml++
/// is undefined there: it takes for granted that such a character is a kind of space.
std::optional<std::size_t> find_bare_non_ascii(std::string_view text);

/// "12:3", counted from 1; columns in bytes.
struct TomlPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};
TomlPlace place_of(std::string_view text, std::size_t at);

}  // namespace thaw
