#include "adapters/http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace thaw {
namespace {

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 && value < 65536;
}

bool take_scheme(std::string_view& text, Url& url) {
  url.is_https = text.starts_with("https://");
  if (!url.is_https && !text.starts_with("http://")) return false;
  text.remove_prefix(url.is_https ? 8 : 7);
  return true;
}

bool parse_authority(std::string_view text, Url& url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    url.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    url.host = text.substr(0, text.find(':'));
    port = text.substr(url.host.size());
  }
  url.host_field = text.substr(0, text.size() - port.size());
  const std::string_view usual = url.is_https ? "443" : "80";
  if (port.empty()) {
    url.port = usual;
    return !url.host.empty();
  }
  if (!port.starts_with(':')) return false;
  url.port = port.substr(1);
  if (url.port != usual) url.host_field += port;
  return !url.host.empty() && is_port(url.port);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  const auto refuse = [&] {
    return fail(ErrorCode::invalid, fmt::format("'{}' is not an http:// or https:// URL", text));
  };
  Url url;
  std::string_view rest = text;
  const bool has_bad_character = std::ranges::any_of(rest, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f ||
           c == '@' || c == '?' || c == '#';
  });
  if (has_bad_character || !take_scheme(rest, url)) return refuse();
  const std::string_view authority = rest.substr(0, rest.find('/'));
  rest.remove_prefix(authority.size());
  while (rest.ends_with('/')) rest.remove_suffix(1);
  url.base_path = rest;
  if (!parse_authority(authority, url)) return refuse();
  return url;
}

}  // namespace thaw
