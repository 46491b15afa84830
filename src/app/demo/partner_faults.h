#pragma once

#include <string>

#include "base/instant.h"

namespace thaw::demo {

/// What the points partner suffers from in a slot: a body for its POST /faults, "{}" for nothing.
std::string points_faults_at(Instant slot);

}  // namespace thaw::demo
