#pragma once

#include <span>

#include "domain/line_group.h"
#include "domain/placing.h"

namespace thaw {

/// Matches settlement records with webhook lines that have other ids, and lets reversals take back
/// their amounts (SPEC §2.4, "Without an id match", "Reversals"), as one enrolment sees them: what
/// another one's totals hang on is nothing to it (docs/adr/0034). Expects groups whose corrections
/// have been applied; fills `confirms`, `is_confirmed`, `is_ambiguous`, `is_possible_duplicate`,
/// `reversed` and the `placed` of reversals and corrections.
void match_groups(std::span<LineGroup> groups, const PlacingWindow& window);

}  // namespace thaw
