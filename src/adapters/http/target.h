#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application/ports/http.h"

namespace thaw {

/// "%2F" → "/". Nothing for a '%' that is not followed by two hexadecimal digits, and for "%00".
std::optional<std::string> percent_decode(std::string_view text);

/// Fills `path`, `segments` and `query` of the request from its target ("/a/b?c=d", or the absolute
/// form that proxies send). In a query '+' is a space. False if it is malformed.
bool parse_target(std::string_view target, HttpRequest& request);

}  // namespace thaw
