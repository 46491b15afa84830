#include "sim/auditor/pairing.h"

#include <algorithm>
#include <tuple>

#include "sim/auditor/calendar.h"

namespace thaw::audit {
namespace {

constexpr Duration kLead = Duration::hours(24);

const Provider& provider_of(const Book& book, const Item& item) {
  return *book.readings[item.carrier].provider;
}

bool settles(const Provider& provider, std::string_view other) {
  return provider.id == other ||
         std::ranges::find(provider.settles_for, other) != provider.settles_for.end();
}

bool fits_in_days(const Item& record, const Item& load, std::int64_t lag, std::string_view zone) {
  const std::int64_t later =
      days_from_civil(date_of(record.span, zone)) - days_from_civil(date_of(load.span, zone));
  return later >= -1 && later <= lag;
}

bool fits_in_time(const Item& record, const Item& load, std::int64_t lag) {
  return record.span.from >= load.span.from - kLead &&
         record.span.from <= load.span.from + Duration::days(lag);
}

/// Kuhn's algorithm: can the record get a load, by moving others?
bool augment(const MayConfirm& may, std::size_t record, std::vector<bool>& is_seen,
             std::vector<std::optional<std::size_t>>& holder) {
  for (const std::size_t load : may[record]) {
    if (is_seen[load]) continue;
    is_seen[load] = true;
    if (holder[load] && !augment(may, *holder[load], is_seen, holder)) continue;
    holder[load] = record;
    return true;
  }
  return false;
}

}  // namespace

/// A record of which only the settlement date is known stands where that date does (ADR 0020).
void sort_side(const Book& book, std::vector<std::size_t>& side) {
  const auto key = [&book](std::size_t index) {
    const Item& item = book.items[index];
    const Instant at = item.span.date
                           ? start_of_day(*item.span.date, provider_of(book, item).time_zone)
                           : item.span.from;
    return std::tuple(at, item.provider, item.kind, item.txn_id);
  };
  std::ranges::sort(side, {}, key);  // total: an identity is one item
}

bool may_confirm(const Book& book, const Item& record, const Item& load,
                 std::string_view lag_class) {
  const Provider& provider = provider_of(book, record);
  const bool is_alike = record.currency == load.currency && record.effective == load.effective;
  if (!is_alike || !settles(provider, load.provider)) return false;
  const bool is_classless = record.kind == "withdrawal" || record.kind == "reversal";
  if (!is_classless && record.rail_class != load.rail_class) return false;
  const std::int64_t lag = lag_days(provider, lag_class);
  const bool is_by_date = record.span.date || load.span.date;
  return is_by_date ? fits_in_days(record, load, lag, provider.time_zone)
                    : fits_in_time(record, load, lag);
}

MayConfirm find_edges(const Book& book, const Sides& sides,
                      std::optional<std::string_view> lag_class) {
  MayConfirm may(sides.records.size());
  for (std::size_t r = 0; r < sides.records.size(); ++r) {
    const Item& record = book.items[sides.records[r]];
    for (std::size_t l = 0; l < sides.loads.size(); ++l) {
      const Item& load = book.items[sides.loads[l]];
      if (may_confirm(book, record, load, lag_class.value_or(record.rail_class)))
        may[r].push_back(l);
    }
  }
  return may;
}

Pairing pair_greedily(const MayConfirm& may, std::size_t loads) {
  Pairing pairing(may.size());
  std::vector<bool> is_taken(loads);
  for (std::size_t r = 0; r < may.size(); ++r) {
    const auto free = std::ranges::find_if(may[r], [&](std::size_t l) { return !is_taken[l]; });
    if (free == may[r].end()) continue;
    pairing[r] = *free;
    is_taken[*free] = true;
  }
  return pairing;
}

std::size_t most_pairs_without(const MayConfirm& may, std::size_t record, std::size_t load) {
  std::size_t loads = load + 1;
  for (const auto& of_record : may) {
    for (const std::size_t l : of_record) loads = std::max(loads, l + 1);
  }
  std::vector<std::optional<std::size_t>> holder(loads);
  std::size_t pairs = 0;
  for (std::size_t r = 0; r < may.size(); ++r) {
    if (r == record) continue;
    std::vector<bool> is_seen(loads);
    is_seen[load] = true;
    if (augment(may, r, is_seen, holder)) ++pairs;
  }
  return pairs;
}

}  // namespace thaw::audit
