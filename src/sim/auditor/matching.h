#pragma once

#include <cstdint>
#include <vector>

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// How the payment counts in each window, by its amount as it is now; zeros: it does not. A load
/// made in grace is in no counted total, but sets off withdrawals (docs/adr/0021): a way of
/// counting of its own. A withdrawal counts in one of two ways.
std::vector<std::int64_t> effects_of(const MemberPart& part, const Item& item);

/// Pairs the member's items of one kind, the ambiguous ones left out. SPEC §2.4, docs/adr/0020.
void match_payments(Book& book, const MemberPart& part, std::string_view kind);

}  // namespace thaw::audit
