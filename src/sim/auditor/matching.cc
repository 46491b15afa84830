#include "sim/auditor/matching.h"

#include <algorithm>

#include "sim/auditor/ambiguity.h"
#include "sim/auditor/correcting.h"
#include "sim/auditor/pairing.h"

namespace thaw::audit {
namespace {

enum class Round { as_stated, as_corrected };

// A record stands first for what it stated; only what is left over stands for its new amount
// (docs/adr/0020). A load is free until a line is `confirmed` by it.
Sides sides_of(const Book& book, const MemberPart& part, std::string_view kind, Round round) {
  Sides sides;
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind != kind || item.confirms || item.is_ambiguous) continue;
    const bool is_record = !item.has_webhook && (round == Round::as_stated || item.is_corrected);
    if (is_record) sides.records.push_back(index);
    if (item.has_webhook && !item.is_seen_in_file && !item.is_paired) sides.loads.push_back(index);
  }
  sort_side(book, sides.records);
  sort_side(book, sides.loads);
  return sides;
}

// A load made in grace is in no counted total, but sets off withdrawals (docs/adr/0021): a way of
// counting of its own. A withdrawal counts in one of two ways.
std::vector<std::int64_t> effects_of(const MemberPart& part, const Item& item) {
  std::vector<std::int64_t> effects;
  for (const Window& window : part.windows) {
    const std::int64_t effect = effect_of(window, item);
    const bool is_weighed = item.kind == "load" || effect > 0;
    effects.push_back(effect);
    effects.push_back(is_weighed && is_in_grace(window, item) ? 1 : 0);
  }
  return effects;
}

// A payment keeps what reverses it under its own id, whichever record confirms it. So two loads
// that count are alike only if as much is reversed of the one as of the other.
std::vector<std::int64_t> effects_of_load(const Book& book, const MemberPart& part,
                                          std::size_t load) {
  std::vector<std::int64_t> effects = effects_of(part, book.items[load]);
  if (std::ranges::all_of(effects, [](std::int64_t units) { return units == 0; })) return effects;
  const auto plain = static_cast<std::ptrdiff_t>(effects.size());
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind == "reversal" && item.names == load) effects.push_back(item.effective);
  }
  std::sort(effects.begin() + plain, effects.end());  // total: plain numbers
  return effects;
}

bool is_named(const Book& book, const MemberPart& part, std::size_t item) {
  return std::ranges::any_of(part.items,
                             [&](std::size_t index) { return book.items[index].names == item; });
}

Weights weigh(const Book& book, const MemberPart& part, const Sides& sides) {
  Weights weights;
  for (const std::size_t index : sides.records) {
    weights.records.push_back({effects_of(part, book.items[index]), is_named(book, part, index)});
  }
  for (const std::size_t index : sides.loads) {
    weights.loads.push_back({effects_of_load(book, part, index)});
  }
  return weights;
}

// What an ambiguous record leaves free no other of the round takes.
void pair(Book& book, const MemberPart& part, std::string_view kind, Round round) {
  const Sides sides = sides_of(book, part, kind, round);
  const MayConfirm may = find_edges(book, sides);
  const Pairing pairing = pair_greedily(may, sides.loads.size());
  const Weights weights = weigh(book, part, sides);
  const std::vector<bool> is_ambiguous = find_ambiguous(may, pairing, weights);
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    Item& record = book.items[sides.records[r]];
    record.is_ambiguous = is_ambiguous[r];
    if (!pairing[r] || is_ambiguous[r]) continue;
    record.confirms = sides.loads[*pairing[r]];
    book.items[*record.confirms].is_paired = true;
  }
}

}  // namespace

void match_payments(Book& book, const MemberPart& part, std::string_view kind) {
  pair(book, part, kind, Round::as_stated);
  correct_left_over(book, part);
  pair(book, part, kind, Round::as_corrected);
}

}  // namespace thaw::audit
