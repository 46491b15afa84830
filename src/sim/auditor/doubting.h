#pragma once

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// Marks the left-over card records that may be a load of the member which no record confirms, once
/// all is paired: SPEC §2.4, "of whatever amount, not later than the record and within the lag".
void find_possible_duplicates(Book& book, const MemberPart& part);

}  // namespace thaw::audit
