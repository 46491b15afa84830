#pragma once

#include "sim/campaign/campaign_sim.h"

namespace thaw {

/// The smallest world found in which the seed still breaks a promise: members are left out, then
/// messages. `options.world` must fail. Runs the campaign many times.
WorldOptions minimise_world(std::uint64_t seed, SimOptions options);

}  // namespace thaw
