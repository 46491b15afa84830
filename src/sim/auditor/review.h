#pragma once

#include <vector>

#include "sim/auditor/auditor.h"

namespace thaw::audit {

/// The lines on which a review of held value ends, SPEC §2.6 "the first verdict's lines as
/// resolved": those of its verdict, and of all that is known by now those that speak of them, or of
/// one that came in so (docs/adr/0034, 17). Parallel to History::lines.
std::vector<bool> lines_of_review(const History& history, std::size_t enrolment,
                                  const IsTakenIn& of_verdict, const IsTakenIn& is_known);

}  // namespace thaw::audit
