#pragma once

#include "base/random.h"
#include "sim/workload/shape.h"
#include "sim/workload/world.h"

namespace thaw {

/// What is done to a member's enrolments, as drawn so far, by the app or by staff: some are
/// cancelled, some members ask to be enrolled once more, and rewards are put on hold. `index` is
/// the member's.
void draw_handling(World& world, const Shape& shape, Random random, std::size_t index);

}  // namespace thaw
