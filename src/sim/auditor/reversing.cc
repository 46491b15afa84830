#include "sim/auditor/reversing.h"

#include <algorithm>

#include "sim/auditor/pairing.h"

namespace thaw::audit {
namespace {

using Indexes = std::vector<std::size_t>;

Indexes reversals_of(const Book& book, const MemberPart& part, std::size_t target) {
  Indexes found;
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind == "reversal" && target_of(book, item) == target) found.push_back(index);
  }
  return found;
}

// One reversal that comes by webhook and by file under two ids is one.
void confirm_repeats(Book& book, const Indexes& reversals, const Item& target) {
  Sides sides;
  for (const std::size_t index : reversals) {
    const Item& item = book.items[index];
    if (!item.has_webhook) sides.records.push_back(index);
    if (item.has_webhook && item.seen_in_file == SeenInFile::no) sides.loads.push_back(index);
  }
  sort_side(book, sides.records);
  sort_side(book, sides.loads);
  const MayConfirm may = find_edges(book, sides, target.rail_class);
  // A withdrawal without a rail has no class to give the lag.
  if (target.rail_class.empty() && may != find_edges(book, sides, "card"))
    book.open.insert("which class's lag has a reversal of a withdrawal?");
  const Pairing pairing = pair_greedily(may, sides.loads.size());
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    if (pairing[r]) book.items[sides.records[r]].fate = "confirmed";
  }
}

// One that states no amount asks for the whole record, as it is by now.
void ask_for_whole(Book& book, Item& reversal, const Item& target) {
  if (!reversal.is_whole || reversal.effective != target.carrier_amount) return;
  // Whether a repeat that states an amount repeats the whole depends on which whole is meant.
  if (reversal.lines.size() > 1 && target.effective != target.carrier_amount)
    book.open.insert(
        "which whole amount repeats a reversal without one, before or after the correction?");
  reversal.effective = target.effective;
}

// A reversal that finds nothing left: SPEC §3.6. Is "the record's whole amount" that before or
// after its correction?
void find_nothing_left(Item& reversal, const Item& target) {
  const bool is_whole = reversal.is_whole || reversal.effective == target.effective;
  if (is_whole) {
    reversal.fate = "duplicate";
    return;
  }
  reversal.fate = reversal.effective == target.carrier_amount
                      ? "unknown: is the uncorrected amount the whole?"
                      : "held:over_reversal";
  reversal.excess = reversal.effective;
}

void take_back(Item& reversal, Item& target) {
  const std::int64_t left = target.effective - target.reversed;
  if (left <= 0) return find_nothing_left(reversal, target);
  const std::int64_t taken = std::min(left, reversal.effective);
  target.reversed += taken;
  reversal.excess = reversal.effective - taken;
  if (reversal.excess == 0) {
    reversal.fate = "applied";
  } else {
    // One without an amount: does it ask for the whole record, or for what is left of it?
    reversal.fate = reversal.is_whole ? "unknown: does a whole reversal ask for what is left?"
                                      : "held:over_reversal";
  }
}

}  // namespace

void reverse(Book& book, const MemberPart& part, std::size_t target) {
  Indexes reversals = reversals_of(book, part, target);
  if (reversals.empty()) return;
  Item& item = book.items[target];
  for (const std::size_t index : reversals) ask_for_whole(book, book.items[index], item);
  confirm_repeats(book, reversals, item);
  sort_side(book, reversals);  // (occurred_at, id), over the set
  for (const std::size_t index : reversals) {
    if (book.items[index].fate.empty()) take_back(book.items[index], item);
  }
}

void name_orphans(Book& book, const MemberPart& part) {
  for (const std::size_t index : part.items) {
    Item& item = book.items[index];
    const bool is_naming = item.kind == "reversal" || item.kind == "correction";
    if (is_naming && !item.names) item.fate = "held:orphan_reversal";
  }
}

}  // namespace thaw::audit
