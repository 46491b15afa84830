#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace thaw {

/// Compares without telling by its duration where the texts differ; their lengths are no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// `count` unpredictable bytes from the operating system's generator, for keys and tokens.
Result<std::string> make_random_bytes(std::size_t count);

}  // namespace thaw
