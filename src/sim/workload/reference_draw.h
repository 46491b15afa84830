#pragma once

#include "base/random.h"
#include "sim/workload/shape.h"
#include "sim/workload/world.h"

namespace thaw {

/// Lets references change hands: some of the claims drawn so far end, stated with the claim or told
/// later, and often another member has the reference then, at once or after a gap. Whose a payment
/// is goes by its own time, so records that come later may be of either.
void draw_passing_on(World& world, const Shape& shape, Random random, std::size_t members);

}  // namespace thaw
