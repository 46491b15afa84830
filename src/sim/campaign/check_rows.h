#pragma once

#include "sim/campaign/books.h"
#include "sim/workload/world.h"

namespace thaw {

/// Rows that say the same thing say it alike: lists and what they list, cases and what they are
/// about, dead letters, timers, the end of what was kept. `now` is when all is at rest.
void check_rows(const Books& books, const World& world, Instant now, const Complain& complain);

}  // namespace thaw
