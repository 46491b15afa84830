#include "adapters/http/target.h"

#include <algorithm>

namespace thaw {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The text before the first `end`, taken off together with it; all if there is none.
std::string_view take_until(std::string_view& text, char end) {
  const std::string_view taken = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return taken;
}

std::optional<std::string> decode_query_text(std::string_view text) {
  if (text.find('+') == std::string_view::npos) return percent_decode(text);
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

bool parse_segments(std::string_view path, HttpRequest& request) {
  path.remove_prefix(1);
  if (path.empty()) return true;
  const bool ends_in_slash = path.ends_with('/');
  while (!path.empty()) {
    auto segment = percent_decode(take_until(path, '/'));
    if (!segment) return false;
    request.segments.push_back(std::move(*segment));
  }
  if (ends_in_slash) request.segments.emplace_back();
  return true;
}

bool parse_query(std::string_view query, HttpRequest& request) {
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    if (value.empty()) continue;
    auto name = decode_query_text(take_until(value, '='));
    auto decoded = decode_query_text(value);
    if (!name || !decoded) return false;
    request.query.emplace_back(std::move(*name), std::move(*decoded));
  }
  return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

bool parse_target(std::string_view target, HttpRequest& request) {
  if (target.find('#') != std::string_view::npos) return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find('/'), target.size()));
    if (target.empty()) target = "/";
  }
  if (target == "*") {  // "OPTIONS *": no path
    request.path = target;
    return true;
  }
  if (!target.starts_with('/')) return false;
  const std::string_view path = take_until(target, '?');
  request.path = path;
  return parse_segments(path, request) && parse_query(target, request);
}

}  // namespace thaw
