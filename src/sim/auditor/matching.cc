#include "sim/auditor/matching.h"

#include <algorithm>

#include "sim/auditor/ambiguity.h"
#include "sim/auditor/correcting.h"
#include "sim/auditor/doubting.h"
#include "sim/auditor/pairing.h"

namespace thaw::audit {
namespace {

Sides sides_of(const Book& book, const MemberPart& part, std::string_view kind,
               SeenInFile most_seen) {
  Sides sides;
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind != kind) continue;
    if (!item.has_webhook) sides.records.push_back(index);
    if (item.has_webhook && item.seen_in_file <= most_seen) sides.loads.push_back(index);
  }
  sort_side(book, sides.records);
  sort_side(book, sides.loads);
  return sides;
}

// As items, whatever the sides' positions.
std::vector<std::optional<std::size_t>> pairs_of(
    const Book& book, const Sides& sides,
    std::optional<std::string_view> lag_class = std::nullopt) {
  const Pairing pairing = pair_greedily(find_edges(book, sides, lag_class), sides.loads.size());
  std::vector<std::optional<std::size_t>> pairs;
  for (const auto& load : pairing) {
    pairs.push_back(load ? std::optional(sides.loads[*load]) : std::nullopt);
  }
  return pairs;
}

// SPEC gives the lag of a class; a withdrawal has none. And it does not say whether a load that a
// file has shown under its own id, with another amount, is still free.
void check_pairing(Book& book, const MemberPart& part, std::string_view kind) {
  const Sides sides = sides_of(book, part, kind, SeenInFile::no);
  const Sides wide = sides_of(book, part, kind, SeenInFile::with_other_amount);
  if (sides.records.empty()) return;
  if (pairs_of(book, sides) != pairs_of(book, wide))
    book.open.insert("is a load still free that a file has shown with another amount?");
  if (kind == "withdrawal" && pairs_of(book, sides, "card") != pairs_of(book, sides, "account"))
    book.open.insert("which class's lag has a withdrawal?");
}

void note_pairs(Book& book, const Sides& sides, const Pairing& pairing) {
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    Item& record = book.items[sides.records[r]];
    record.confirms.reset();
    if (pairing[r]) record.confirms = sides.loads[*pairing[r]];
  }
  for (const std::size_t load : sides.loads) book.items[load].is_paired = false;
  for (const auto& load : pairing) {
    if (load) book.items[sides.loads[*load]].is_paired = true;
  }
}

// A withdrawal counts in one of two ways.
std::vector<std::int64_t> effects_of(const MemberPart& part, const Item& item) {
  std::vector<std::int64_t> effects;
  for (const Window& window : part.windows) {
    effects.push_back(effect_of(window, item));
    if (item.kind == "withdrawal") effects.push_back(is_in_grace(window, item) ? 1 : 0);
  }
  return effects;
}

bool is_named(const Book& book, const MemberPart& part, std::size_t item) {
  return std::ranges::any_of(part.items,
                             [&](std::size_t index) { return book.items[index].names == item; });
}

std::vector<Weight> weigh(const Book& book, const MemberPart& part,
                          const std::vector<std::size_t>& side) {
  std::vector<Weight> weights;
  for (const std::size_t index : side) {
    weights.push_back({effects_of(part, book.items[index]), is_named(book, part, index)});
  }
  return weights;
}

/// Pairs what is not ambiguous. If that frees a load for another record, SPEC does not say whether
/// it takes it.
Pairing pair_without(const MayConfirm& may, const Pairing& greedy, const Ambiguity& ambiguity,
                     std::size_t loads, Book& book) {
  MayConfirm rest = may;
  Pairing left = greedy;
  for (std::size_t r = 0; r < rest.size(); ++r) {
    if (!ambiguity.is_ambiguous[r]) continue;
    rest[r].clear();
    left[r].reset();
  }
  if (pair_greedily(rest, loads) != left)
    book.open.insert("does a record take what an ambiguous one leaves free?");
  return left;
}

// A card record that would be a possible duplicate in every pairing counts in none of them: is it
// ambiguous?
void mark_ambiguous(Book& book, const MemberPart& part, const Sides& sides,
                    const Ambiguity& ambiguity) {
  for (std::size_t r = 0; r < sides.records.size(); ++r) {
    if (!ambiguity.is_ambiguous[r]) continue;
    Item& record = book.items[sides.records[r]];
    record.is_ambiguous = true;
    if (may_be_duplicate(book, part, record))
      book.open.insert("is a possible duplicate ambiguous?");
  }
}

// Loads made in grace are in no counted total, yet they set off withdrawals (ADR 0021): whether a
// swap of one makes ambiguous, SPEC does not say.
bool is_grace_disputed(const Book& book, const MemberPart& part, const Sides& sides,
                       const Pairing& pairing) {
  const auto in_grace = [&](std::size_t index) {
    return std::ranges::any_of(
        part.windows, [&](const Window& window) { return is_in_grace(window, book.items[index]); });
  };
  const auto is_open = [&](std::size_t r) {
    return !pairing[r] || is_named(book, part, sides.records[r]);
  };
  bool is_any_open = false;
  for (std::size_t r = 0; r < pairing.size(); ++r) is_any_open |= is_open(r);
  return is_any_open && (std::ranges::any_of(sides.records, in_grace) ||
                         std::ranges::any_of(sides.loads, in_grace));
}

// The second time, after corrections, with the question whether it is certain.
void match_again(Book& book, const MemberPart& part, std::string_view kind) {
  const Sides sides = sides_of(book, part, kind, SeenInFile::no);
  const MayConfirm may = find_edges(book, sides);
  const Pairing greedy = pair_greedily(may, sides.loads.size());
  note_pairs(book, sides, greedy);
  const Weights weights{weigh(book, part, sides.records), weigh(book, part, sides.loads)};
  const Ambiguity ambiguity = find_ambiguous(may, greedy, weights);
  book.open.insert(ambiguity.open.begin(), ambiguity.open.end());
  if (is_grace_disputed(book, part, sides, greedy))
    book.open.insert("does the swap of a load made in grace make ambiguous?");
  if (std::ranges::count(ambiguity.is_ambiguous, true) == 0) return;
  // SPEC speaks of counted totals, and a withdrawal is in none of them.
  if (kind == "withdrawal") book.open.insert("can a withdrawal's record be ambiguous?");
  mark_ambiguous(book, part, sides, ambiguity);
  note_pairs(book, sides, pair_without(may, greedy, ambiguity, sides.loads.size(), book));
}

// A correction that names a confirmed record acts on the load, so the record pairs by the amount
// that it stated. Had it another load by its new amount, SPEC would not say which is meant.
bool has_two_readings(Book& book, const Sides& sides, std::size_t record, const Item& correction) {
  Item corrected = book.items[record];
  if (!corrected.confirms || correction.names != record) return false;
  corrected.effective = correction.effective;
  return std::ranges::any_of(sides.loads, [&](std::size_t load) {
    return load != *corrected.confirms &&
           may_confirm(book, corrected, book.items[load], corrected.rail_class);
  });
}

// A corrected record and another one of the same stated amount want one load: what the correction
// acts on depends on who has it, and SPEC does not say whether that makes both ambiguous.
bool is_disputed(const Book& book, const Sides& sides, std::size_t record) {
  const Item& corrected = book.items[record];
  const auto load = corrected.confirms;
  if (!load) {
    return std::ranges::any_of(sides.loads, [&](std::size_t other) {
      return may_confirm(book, corrected, book.items[other], corrected.rail_class);
    });
  }
  return std::ranges::any_of(sides.records, [&](std::size_t other) {
    const Item& item = book.items[other];
    return !item.confirms && may_confirm(book, item, book.items[*load], item.rail_class);
  });
}

void check_corrected(Book& book, const MemberPart& part, const Sides& sides) {
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind != "correction" || !item.names) continue;
    if (has_two_readings(book, sides, *item.names, item))
      book.open.insert("does a corrected record pair by what it stated or by its new amount?");
    if (is_disputed(book, sides, *item.names))
      book.open.insert("is a corrected record ambiguous with another of its stated amount?");
  }
}

std::vector<std::optional<std::size_t>> confirmed_by(const Book& book, const Sides& sides) {
  std::vector<std::optional<std::size_t>> loads;
  for (const std::size_t record : sides.records) loads.push_back(book.items[record].confirms);
  return loads;
}

// A record that got its new amount may have driven out another one: SPEC does not say whether it
// may.
void check_driven_out(Book& book, const Sides& sides,
                      const std::vector<std::optional<std::size_t>>& before) {
  for (std::size_t r = 0; r < sides.records.size(); ++r) {
    const bool is_moved = before[r] && book.items[sides.records[r]].confirms != before[r];
    if (is_moved) book.open.insert("may a record with its new amount drive out another?");
  }
}

}  // namespace

void match_payments(Book& book, const MemberPart& part, std::string_view kind) {
  const Sides sides = sides_of(book, part, kind, SeenInFile::no);
  if (sides.records.empty()) return;
  note_pairs(book, sides, pair_greedily(find_edges(book, sides), sides.loads.size()));
  check_corrected(book, part, sides);
  const auto before = confirmed_by(book, sides);
  correct_left_over(book, part);
  check_pairing(book, part, kind);
  match_again(book, part, kind);
  check_driven_out(book, sides, before);
}

}  // namespace thaw::audit
