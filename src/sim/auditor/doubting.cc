#include "sim/auditor/doubting.h"

#include <algorithm>

#include "sim/auditor/calendar.h"

namespace thaw::audit {
namespace {

enum class Doubt { none, arguable, plain };

Doubt doubt_of(const Book& book, const Item& record, const Item& load) {
  if (load.kind != "load" || !load.has_webhook || load.rail_class != "card") return Doubt::none;
  if (load.is_paired || load.seen_in_file == SeenInFile::yes) return Doubt::none;
  const Provider& provider = *book.readings[record.carrier].provider;
  const Duration later = record.span.from - load.span.from;
  const std::int64_t days = days_from_civil(date_of(record.span, provider.time_zone)) -
                            days_from_civil(date_of(load.span, provider.time_zone));
  const bool is_by_date = record.span.date || load.span.date;
  const bool is_near = is_by_date
                           ? days >= 0 && days <= provider.card_lag_days
                           : later.ms >= 0 && later <= Duration::days(provider.card_lag_days);
  if (!is_near) return Doubt::none;
  const bool is_settled_by =
      provider.id == load.provider || std::ranges::count(provider.settles_for, load.provider) > 0;
  // "an unconfirmed card load, of whatever amount": of a provider that the file does not settle, of
  // another currency, or shown by a file with another amount?
  const bool is_plain =
      is_settled_by && record.currency == load.currency && load.seen_in_file == SeenInFile::no;
  return is_plain ? Doubt::plain : Doubt::arguable;
}

Doubt doubt_of(const Book& book, const MemberPart& part, const Item& record) {
  Doubt doubt = Doubt::none;
  if (record.kind != "load" || record.has_webhook || record.rail_class != "card") return doubt;
  for (const std::size_t index : part.items) {
    doubt = std::max(doubt, doubt_of(book, record, book.items[index]));
  }
  return doubt;
}

}  // namespace

bool may_be_duplicate(const Book& book, const MemberPart& part, const Item& record) {
  return doubt_of(book, part, record) != Doubt::none;
}

void find_possible_duplicates(Book& book, const MemberPart& part) {
  for (const std::size_t index : part.items) {
    Item& record = book.items[index];
    if (record.confirms) continue;
    const Doubt doubt = doubt_of(book, part, record);
    if (doubt == Doubt::arguable)
      book.open.insert(
          "may a record double a load of another provider, currency or stated amount?");
    record.is_possible_duplicate = doubt == Doubt::plain;
  }
}

}  // namespace thaw::audit
