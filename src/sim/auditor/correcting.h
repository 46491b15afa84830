#pragma once

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// Of several corrections acting on the item that of the latest file stands, SPEC §2.4.
std::optional<std::size_t> standing_correction(const Book& book, const MemberPart& part,
                                               std::size_t target);

/// Corrects what is not paired, of the kind: it may then be by its new amount.
void correct_left_over_loads(Book& book, const MemberPart& part, std::string_view kind);
void correct_left_over_records(Book& book, const MemberPart& part, std::string_view kind);

/// Corrects each item by all that names it or a record confirming it, and places the corrections.
void correct_after_pairing(Book& book, const MemberPart& part);

}  // namespace thaw::audit
