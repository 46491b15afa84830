#pragma once

#include <string_view>

#include "base/result.h"

namespace thaw {

/// The Error for errno value `number`: `what` failed on `name`. A full disk or quota is no_space,
/// a missing file not_found, an existing one conflict; all else is io.
std::unexpected<Error> fail_errno(int number, std::string_view what, std::string_view name);

}  // namespace thaw
