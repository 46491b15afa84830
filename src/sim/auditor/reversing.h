#pragma once

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// Applies all reversals that act on one item, and places them. SPEC §2.4, §3.6.
void reverse(Book& book, const MemberPart& part, std::size_t target);

/// Places what names a record that has not come.
void name_orphans(Book& book, const MemberPart& part);

}  // namespace thaw::audit
