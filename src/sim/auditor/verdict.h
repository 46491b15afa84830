#pragma once

#include <string>

#include "sim/auditor/balance.h"

namespace thaw::audit {

/// The totals that a member is shown and the decision compares. SPEC §1, §2.5.
Totals totals_of(const Rules& rules, const Balance& balance);

/// The bounds of what held lines could change.
Bounds bounds_of(const Balance& balance);

/// Outcome and reason, SPEC §2.6.
struct Verdict {
  std::string outcome;
  std::string reason;
};

Verdict decide(const Rules& rules, const Balance& balance);

}  // namespace thaw::audit
