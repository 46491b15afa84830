#include "adapters/toml/toml_text.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Behind the text in quotes that begins at `at`.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool has_escapes = quote == '"';
  const std::string_view three = quote == '"' ? R"(""")" : "'''";
  const bool is_long = text.substr(at).starts_with(three);
  at += is_long ? 3 : 1;
  for (; at < text.size(); ++at) {
    if (has_escapes && text[at] == '\\') {
      ++at;
    } else if (!is_long && (text[at] == quote || text[at] == '\n')) {
      return at + 1;
    } else if (is_long && text.substr(at).starts_with(three)) {
      // The last three of up to five quotes end it.
      const std::size_t end = std::min(text.find_first_not_of(quote, at), text.size());
      return std::min(end, at + 5);
    }
  }
  return text.size();
}

/// Inside of a bare word a quote begins nothing: toml++ reads on to the word's end. A bracket in a
/// word is part of it.
bool may_begin_text(std::string_view text, std::size_t at) {
  while (at > 1 && (text[at - 1] == '[' || text[at - 1] == '{')) --at;
  constexpr std::string_view kBefore = " \t\r\n=[{,.";
  return at == 0 || text.substr(0, at) == kByteOrderMark ||
         kBefore.find(text[at - 1]) != kBefore.npos;
}

}  // namespace

std::optional<std::size_t> find_bare_non_ascii(std::string_view text) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) return at;
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if ((c == '"' || c == '\'') && may_begin_text(text, at)) {
      at = skip_quoted(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

TomlPlace place_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return {static_cast<std::size_t>(lines) + 1, at - line_begin + 1};
}

}  // namespace thaw
