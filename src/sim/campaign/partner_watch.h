#pragma once

#include <string>

#include "application/ports/points.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// SPEC §2.7 at the moment at which points could be issued: the attempt is durable, the key is the
/// permanent one and alive, what may have arrived was asked for, and a fence is obeyed. What is
/// broken of that; empty: nothing.
std::string find_breach(SimStore& store, const PointsIssueRequest& request);

}  // namespace thaw
