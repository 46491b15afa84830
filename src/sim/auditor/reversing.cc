#include "sim/auditor/reversing.h"

#include <algorithm>

#include "sim/auditor/ambiguity.h"
#include "sim/auditor/matching.h"
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
void confirm_repeats(Book& book, const Indexes& reversals, bool is_target_counted) {
  Sides sides;
  for (const std::size_t index : reversals) {
    const Item& item = book.items[index];
    if (!item.has_webhook) sides.records.push_back(index);
    if (item.has_webhook && !item.is_seen_in_file) sides.loads.push_back(index);
  }
  sort_side(book, sides.records);
  sort_side(book, sides.loads);
  const MayConfirm may = find_edges(book, sides);
  const Pairing pairing = pair_greedily(may, sides.loads.size());
  // All of one payment: they count alike.
  const Weight weight{{is_target_counted ? 1 : 0}, false};
  const Weights weights{.records = std::vector(sides.records.size(), weight),
                        .loads = std::vector(sides.loads.size(), weight)};
  const std::vector<bool> is_ambiguous = find_ambiguous(may, pairing, weights);
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    Item& record = book.items[sides.records[r]];
    if (is_ambiguous[r]) record.fate = "held:ambiguous_match";
    if (pairing[r] && !is_ambiguous[r]) record.fate = "confirmed";
  }
}

// A reversal that finds nothing left: SPEC §3.6. The whole is what the record is worth by now.
void find_nothing_left(Item& reversal, const Item& target) {
  const bool is_whole = reversal.is_whole || reversal.effective == target.effective;
  reversal.fate = is_whole ? "duplicate" : "held:over_reversal";
}

void take_back(const Book& book, Item& reversal, Item& target) {
  // Of which payment is open as long as it is open what the record confirms.
  if (book.items[*reversal.names].is_ambiguous) {
    reversal.fate = "held:ambiguous_match";
    return;
  }
  const std::int64_t left = target.effective - target.reversed;
  if (left <= 0) return find_nothing_left(reversal, target);
  // One without an amount asks for what is left (docs/adr/0034).
  reversal.taken = reversal.is_whole ? left : std::min(left, reversal.effective);
  target.reversed += reversal.taken;
  const bool fits = reversal.is_whole || reversal.taken == reversal.effective;
  reversal.fate = fits ? "applied" : "held:over_reversal";
}

}  // namespace

void reverse(Book& book, const MemberPart& part, std::size_t target) {
  Indexes reversals = reversals_of(book, part, target);
  if (reversals.empty()) return;
  Item& item = book.items[target];
  for (const std::size_t index : reversals) {
    if (book.items[index].is_whole) book.items[index].effective = item.effective;
  }
  const auto effects = effects_of(part, item);
  confirm_repeats(book, reversals, std::ranges::count(effects, 0) != std::ssize(effects));
  sort_side(book, reversals);  // (occurred_at, id), over the set
  for (const std::size_t index : reversals) {
    if (book.items[index].fate.empty()) take_back(book, book.items[index], item);
  }
}

// What names a line that has expired waits for nothing: that was made before any window that is
// left.
void name_orphans(Book& book, const MemberPart& part) {
  for (const std::size_t index : part.items) {
    Item& item = book.items[index];
    const bool is_naming = item.kind == "reversal" || item.kind == "correction";
    if (!is_naming || item.names) continue;
    const bool has_expired = book.readings[item.carrier].names_gone;
    item.fate = has_expired ? "excluded:before_window" : "held:orphan_reversal";
  }
}

}  // namespace thaw::audit
