#pragma once

#include <vector>

#include "application/ports/ledger.h"
#include "sim/campaign/books.h"
#include "sim/workload/world.h"

namespace thaw {

/// What SPEC says of verdicts besides the sums: when they fall, by whom they are revised, what the
/// enrolment and its lines say of them afterwards, and what is told in events. `is_excused`: a
/// verdict due at that instant may be late, since the store was down or set back.
void check_verdicts(const Books& books, const World& world, const std::vector<LogRecord>& log,
                    const std::function<bool(Instant)>& is_excused, const Complain& complain);

}  // namespace thaw
