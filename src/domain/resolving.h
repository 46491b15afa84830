#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// Approves or rejects a case. With the two-person rule on, the second person must be another
/// principal, and a revision that nobody has proposed yet is proposed by the first approval.
WriteSet resolve_case(Work& work, const Command& command, const ResolveCase& resolve);

}  // namespace thaw
