#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace thaw {

/// "https://api.example:8443/base/" in its parts. User names, queries and fragments are refused.
struct Url {
  bool is_https = false;
  std::string host;        // a name or a numeric address, without brackets
  std::string port;        // "443"
  std::string base_path;   // without the slash at its end: "", "/base"
  std::string host_field;  // for the Host header, without the scheme's default port
};

Result<Url> parse_url(std::string_view text);

}  // namespace thaw
