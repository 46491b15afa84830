#pragma once

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// Pairs the member's items of one kind, the ambiguous ones left out. SPEC §2.4, docs/adr/0020.
void match_payments(Book& book, const MemberPart& part, std::string_view kind);

}  // namespace thaw::audit
