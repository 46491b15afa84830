#pragma once

#include <string>
#include <vector>

#include "application/ports/ledger.h"
#include "sim/campaign/books.h"
#include "sim/workload/world.h"

namespace thaw {

/// What the sender of a webhook was told of one of its lines.
struct ToldOutcome {
  std::size_t line = 0;  // of the world's history
  std::string outcome;
  Instant at;
};

/// The one outcome of a line, wherever it is said (SPEC §2.4, end). Each row has the best of its
/// placements, and one for each enrolment; what a webhook was answered, and what a file counts, is
/// what the log says of the moment at which the line was placed, since later lines may move it.
/// Whether the placements are right is asked elsewhere. `told` is in order, and of nothing that a
/// restore took back.
void check_outcomes(const std::vector<LogRecord>& log, const World& world,
                    const std::vector<ToldOutcome>& told, const Complain& complain);

}  // namespace thaw
