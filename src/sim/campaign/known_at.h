#pragma once

#include <optional>
#include <vector>

#include "base/instant.h"
#include "sim/auditor/auditor.h"

namespace thaw {

/// Parallel to the history's lines: when it was recorded and known whose it is. A line by reference
/// waits for the claim, one that names a record for that too, whichever is first. Nothing:
/// nobody's.
using KnownAt = std::vector<std::optional<Instant>>;

/// True if the line names that payment's record.
bool names(const audit::Line& naming, const audit::Line& payment);

KnownAt find_known_at(const audit::History& history);

}  // namespace thaw
