#pragma once

#include <vector>

#include "sim/auditor/auditor.h"

namespace thaw::audit {

/// Makes ids up for the records of one file that have none of their own, as SPEC §2.4 says what
/// they consist of: equal ids are the same record, others are not. `lines` are all records of the
/// file, in its order. What the ids look like is nobody's business.
void make_ids(History& history, const std::vector<std::size_t>& lines);

}  // namespace thaw::audit
