#include "sim/auditor/doubting.h"

#include <algorithm>

#include "sim/auditor/calendar.h"

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

}  // namespace

void find_possible_duplicates(Book& book, const MemberPart& part) {
  for (const std::size_t index : part.items) {
    Item& record = book.items[index];
    if (record.kind != "load" || record.has_webhook || record.rail_class != "card") continue;
    if (record.confirms || record.is_ambiguous) continue;
    record.is_possible_duplicate = std::ranges::any_of(
        part.items, [&](std::size_t load) { return may_be(book, record, book.items[load]); });
  }
}

}  // namespace thaw::audit
