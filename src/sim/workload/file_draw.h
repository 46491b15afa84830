#pragma once

#include <vector>

#include "base/random.h"
#include "sim/workload/member_draw.h"

namespace thaw {

/// Puts records into the files of their providers, one or two a day, some of them repeated in a
/// later file; and makes a message of each file.
void draw_files(World& world, const Shape& shape, Random random,
                std::vector<PendingRecord> records);

}  // namespace thaw
