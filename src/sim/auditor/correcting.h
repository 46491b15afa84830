#pragma once

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// Of several corrections acting on the item that of the latest file stands, SPEC §2.4.
std::optional<std::size_t> standing_correction(const Book& book, const MemberPart& part,
                                               std::size_t target);

/// Corrects what webhooks reported; of a record the correction waits, since it may belong to the
/// load that the record confirms.
void correct_before_pairing(Book& book, const MemberPart& part);

/// Corrects records that confirm nothing, which may then confirm something by their new amount.
void correct_left_over(Book& book, const MemberPart& part);

/// Corrects each item by all that names it or a record confirming it, and places the corrections.
void correct_after_pairing(Book& book, const MemberPart& part);

}  // namespace thaw::audit
