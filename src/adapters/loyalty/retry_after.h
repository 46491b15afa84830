#pragma once

#include <optional>
#include <string_view>

#include "base/instant.h"

namespace thaw {

/// The wait that a Retry-After header asks for: "120", or "Wed, 21 Oct 2026 07:28:00 GMT" against
/// `now` (zero if that is past). At most a day; nothing for any other text.
std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

/// The preferred form of an HTTP date (RFC 9110 §5.6.7, IMF-fixdate).
std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace thaw
