#include "sim/auditor/settling.h"

#include "sim/auditor/correcting.h"
#include "sim/auditor/doubting.h"
#include "sim/auditor/matching.h"
#include "sim/auditor/reversing.h"

namespace thaw::audit {
MemberPart part_of(const Book& book, std::string_view member) {
  MemberPart part{member};
  for (const Enrolment& enrolment : book.history->enrolments) {
    if (enrolment.is_cancelled) continue;  // SPEC §2.2: it gives no decision
    if (enrolment.member == member) part.windows.push_back(window_of(*book.history, enrolment));
  }
  for (std::size_t i = 0; i < book.items.size(); ++i) {
    if (book.items[i].owner == member) part.items.push_back(i);
  }
  return part;
}

std::optional<std::size_t> target_of(const Book& book, const Item& naming) {
  if (!naming.names) return std::nullopt;
  const Item& named = book.items[*naming.names];
  return named.confirms ? named.confirms : naming.names;
}

// The order: pairing compares what was stated, then the effective amounts; which load a record
// confirms says on what reversals act, so they come last.
void settle_member(Book& book, const MemberPart& part) {
  match_payments(book, part, "load");
  match_payments(book, part, "withdrawal");
  correct_after_pairing(book, part);
  find_possible_duplicates(book, part);
  for (const std::size_t index : part.items) {
    if (is_payment(book.items[index].kind)) reverse(book, part, index);
  }
  name_orphans(book, part);
}

}  // namespace thaw::audit
