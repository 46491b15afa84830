#include "sim/auditor/judging.h"

namespace thaw::audit {
namespace {

std::string excluded(std::string_view reason) {
  return "excluded:" + std::string(reason);
}

bool is_all_reversed(const Item& item) {
  return item.reversed >= item.effective;
}

// Reasons that apply together: the first in SPEC's order, in which the text names them.
std::string place_held(const Window& window, const Item& item) {
  if (is_timing_uncertain(window, item)) return "held:timing_uncertain";
  if (item.is_possible_duplicate) return "held:possible_duplicate";
  return item.is_ambiguous ? "held:ambiguous_match" : "";
}

// As its carrier, where that is excluded; unless the lowest amount is all that keeps it from
// counting.
std::string place_mismatch(const Window& window, const Item& item, const std::string& carrier) {
  const bool could_count = carrier == "excluded:below_minimum" && !item.is_corrected &&
                           item.highest >= window.rules->minimum_minor;
  return carrier.starts_with("excluded") && !could_count ? carrier : "held:amount_mismatch";
}

}  // namespace

Item item_alone(const Book& book, std::size_t line) {
  const Reading& reading = book.readings[line];
  const Line& sent = *reading.line;
  Item item{sent.provider, sent.kind, sent.txn_id, reading.owner, sent.currency, sent.rail};
  item.rail_class = reading.rail_class;
  item.lines = {line};
  item.carrier = line;
  item.span = reading.span;
  item.has_webhook = !sent.by_file;
  item.names = reading.names;
  item.carrier_amount = item.lowest = item.highest = item.effective = amount_of(book, item, sent);
  return item;
}

bool is_held(const Item& item) {
  return item.is_ambiguous || item.is_possible_duplicate;
}

std::int64_t worth_of(const Window& window, const Item& item) {
  if (!exclusion_of(window, item, item.effective).empty()) return 0;
  return count_of(window, item.effective, item.reversed);
}

std::string place_item(const Window& window, const Item& item) {
  if (!is_payment(item.kind)) return std::string(item.fate);
  // SPEC §3.6: whatever the load's own placement.
  if (item.confirms) return "confirmed";
  const std::string_view reason = exclusion_of(window, item, item.effective);
  if (!reason.empty()) return excluded(reason);
  if (is_all_reversed(item)) return excluded("reversed");
  const std::string held = place_held(window, item);
  if (!held.empty()) return held;
  if (item.kind == "withdrawal") return "applied";
  return item.has_webhook || item.rail_class != "card" ? "counted" : "recovered";
}

std::string place_line(const Window& window, const Book& book, const Item& item, std::size_t line) {
  if (line == item.carrier) return place_item(window, item);
  const Reading& reading = book.readings[line];
  const std::int64_t amount = amount_of(book, item, *reading.line);
  if (amount == item.carrier_amount)
    return reading.line->by_file && item.has_webhook ? "confirmed" : "duplicate";
  return place_mismatch(window, item, place_item(window, item));
}

std::string place_conflict(const Window& window, const Book& book, std::size_t line) {
  const Item item = item_alone(book, line);
  if (!is_payment(item.kind)) return "held:identity_conflict";
  const std::string_view reason = exclusion_of(window, item, item.effective);
  if (!reason.empty()) return excluded(reason);
  return "held:identity_conflict";  // held whole: nothing else is asked of it
}

}  // namespace thaw::audit
