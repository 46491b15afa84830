#pragma once

#include <string_view>
#include <vector>

#include "sim/auditor/item.h"
#include "sim/auditor/window.h"

namespace thaw::audit {

/// One member's part of a book.
struct MemberPart {
  std::string_view member;
  std::vector<Window> windows;     // of all enrolments of the member
  std::vector<std::size_t> items;  // of the book
};

MemberPart part_of(const Book& book, std::string_view member);

/// Sees the member's items together: corrections, pairing, possible duplicates, reversals. SPEC
/// §2.4.
void settle_member(Book& book, const MemberPart& part);

/// The item on which something that names a record acts: the load that the record confirms, or the
/// record. Nothing for an orphan.
std::optional<std::size_t> target_of(const Book& book, const Item& naming);

}  // namespace thaw::audit
