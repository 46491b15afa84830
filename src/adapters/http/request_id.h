#pragma once

#include <string>

#include "application/ports/http.h"
#include "base/random.h"

namespace thaw {

/// The client's X-Request-Id if it is 1 to 64 of [A-Za-z0-9._-], else 16 new hexadecimal digits.
std::string pick_request_id(const HttpHeaders& headers, Random& random);

}  // namespace thaw
