#pragma once

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// True if a left-over card record may be a load of the member that no record confirms: SPEC §2.4,
/// "of whatever amount, not later than the record and within the lag".
bool may_be_duplicate(const Book& book, const MemberPart& part, const Item& record);

/// Marks the left-over card records of which that is so, once all is paired.
void find_possible_duplicates(Book& book, const MemberPart& part);

}  // namespace thaw::audit
