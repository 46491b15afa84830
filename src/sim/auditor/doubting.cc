#include "sim/auditor/doubting.h"

#include <algorithm>

#include "sim/auditor/calendar.h"
#include "sim/auditor/pairing.h"

namespace thaw::audit {
namespace {

// Of a provider that the file settles; "of whatever amount": in another currency, too, and where a
// file has shown the load with another amount (docs/adr/0034).
bool may_be(const Book& book, const Item& record, const Item& load) {
  if (load.kind != "load" || !load.has_webhook || load.rail_class != "card") return false;
  if (load.is_paired || load.is_seen_in_file) return false;
  const Provider& provider = *book.readings[record.carrier].provider;
  if (provider.id != load.provider && std::ranges::count(provider.settles_for, load.provider) == 0)
    return false;
  const Duration later = record.span.from - load.span.from;
  const std::int64_t days = days_from_civil(date_of(record.span, provider.time_zone)) -
                            days_from_civil(date_of(load.span, provider.time_zone));
  const bool is_by_date = record.span.date || load.span.date;
  return is_by_date ? days >= 0 && days <= provider.card_lag_days
                    : later.ms >= 0 && later <= Duration::days(provider.card_lag_days);
}

// Of the other class: one that it would confirm, had not one of the two been told again with
// another amount.
bool may_be_retold(const Book& book, const Item& record, const Item& load) {
  if (load.kind != "load" || !load.has_webhook || load.is_paired || load.is_seen_in_file)
    return false;
  if (record.lowest == record.highest && load.lowest == load.highest) return false;
  const auto states = [&load](std::int64_t amount) {
    return amount == load.lowest || amount == load.highest;
  };
  if (!states(record.lowest) && !states(record.highest)) return false;
  Item alike = record;
  alike.effective = load.effective;
  return may_confirm(book, alike, load, record.rail_class);
}

}  // namespace

void find_possible_duplicates(Book& book, const MemberPart& part) {
  for (const std::size_t index : part.items) {
    Item& record = book.items[index];
    if (record.kind != "load" || record.has_webhook) continue;
    if (record.confirms || record.is_ambiguous) continue;
    const auto may_repeat = record.rail_class == "card" ? may_be : may_be_retold;
    record.is_possible_duplicate = std::ranges::any_of(
        part.items, [&](std::size_t load) { return may_repeat(book, record, book.items[load]); });
  }
}

}  // namespace thaw::audit
