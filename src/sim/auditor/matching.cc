#include "sim/auditor/matching.h"

#include <algorithm>
#include <tuple>

#include "sim/auditor/ambiguity.h"
#include "sim/auditor/correcting.h"
#include "sim/auditor/pairing.h"

namespace thaw::audit {
namespace {

enum class Round { as_stated, load_corrected, record_corrected };

// Both stand first for what they stated; what is left over of the loads stands for its new amount
// then, and last so do the records (docs/adr/0020). A load is free until a line is `confirmed` by
// it.
Sides sides_of(const Book& book, const MemberPart& part, std::string_view kind, Round round) {
  Sides sides;
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind != kind || item.confirms || item.is_ambiguous) continue;
    const bool is_free = item.has_webhook && !item.is_seen_in_file && !item.is_paired;
    if (is_free && (round != Round::load_corrected || item.is_corrected))
      sides.loads.push_back(index);
    if (!item.has_webhook && (round != Round::record_corrected || item.is_corrected))
      sides.records.push_back(index);
  }
  sort_side(book, sides.records);
  sort_side(book, sides.loads);
  return sides;
}

// A payment keeps what is said of it under its own id, whichever record confirms it. So two loads
// that count are alike only if neither is corrected, and as much is reversed of the one as of the
// other, at the same times, and by reversals that are as open to be confirmed.
std::vector<std::int64_t> effects_of_load(const Book& book, const MemberPart& part,
                                          std::size_t load) {
  std::vector<std::int64_t> effects = effects_of(part, book.items[load]);
  if (std::ranges::all_of(effects, [](std::int64_t units) { return units == 0; })) return effects;
  if (const auto correction = standing_correction(book, part, load)) {
    effects.push_back(static_cast<std::int64_t>(*correction));
  }
  std::vector<std::tuple<std::int64_t, std::int64_t, bool>> reversals;
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind != "reversal" || item.names != load) continue;
    const bool is_open = item.has_webhook && !item.is_seen_in_file;
    const std::int64_t amount = item.is_whole ? book.items[load].effective : item.effective;
    reversals.emplace_back(amount, item.span.from.ms, is_open);
  }
  std::ranges::sort(reversals);  // total: plain numbers
  for (const auto& [amount, at, is_open] : reversals) {
    effects.insert(effects.end(), {amount, at, is_open ? 1 : 0});
  }
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

void match_payments(Book& book, const MemberPart& part, std::string_view kind) {
  pair(book, part, kind, Round::as_stated);
  correct_left_over_loads(book, part, kind);
  pair(book, part, kind, Round::load_corrected);
  correct_left_over_records(book, part, kind);
  pair(book, part, kind, Round::record_corrected);
}

}  // namespace thaw::audit
