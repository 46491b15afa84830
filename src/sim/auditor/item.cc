#include "sim/auditor/item.h"

#include <algorithm>
#include <tuple>

namespace thaw::audit {
namespace {

using Indexes = std::vector<std::size_t>;

auto identity_of(const Line& line) {
  return std::tie(line.provider, line.kind, line.txn_id);
}

/// One run of lines of one identity, the first recorded first.
struct Run {
  Indexes lines;
  std::string_view owner;
  std::string_view currency;
  std::string_view rail_class;
};

// A reversal of the whole states none.
std::string_view currency_of(const Line& line) {
  return line.minor ? std::string_view(line.currency) : std::string_view();
}

bool conflicts(const Run& run, const Reading& reading) {
  const bool is_other_class = !run.rail_class.empty() && !reading.rail_class.empty() &&
                              run.rail_class != reading.rail_class;
  const std::string_view currency = currency_of(*reading.line);
  const bool is_other_currency =
      !run.currency.empty() && !currency.empty() && currency != run.currency;
  return reading.owner != run.owner || is_other_currency || is_other_class;
}

bool is_claimed_later(const Reading& reading) {
  return reading.claim && reading.claim->claimed_at > reading.line->recorded_at;
}

// Lines come in the order in which they were recorded; one that is kept under a reference is
// nobody's before the claim.
void sort_by_first_holder(const Book& book, Indexes& lines) {
  const auto reading = [&](std::size_t index) -> const Reading& { return book.readings[index]; };
  if (std::ranges::none_of(lines, is_claimed_later, reading)) return;
  std::ranges::stable_sort(lines, {}, [&](std::size_t index) {  // total: else as recorded
    const Reading& one = reading(index);
    return is_claimed_later(one) ? one.claim->claimed_at : one.line->recorded_at;
  });
}

// SPEC §2.4: the first recorded stands, which is the first that somebody has (docs/adr/0034). A
// rail is optional but for loads: the first one stated gives the class.
Run settle_conflicts(Book& book, Indexes lines) {
  sort_by_first_holder(book, lines);
  const Reading& first = book.readings[lines.front()];
  Run run{{}, first.owner, currency_of(*first.line), first.rail_class};
  for (const std::size_t index : lines) {
    Reading& reading = book.readings[index];
    reading.is_conflict = conflicts(run, reading);
    if (reading.is_conflict) continue;
    if (run.rail_class.empty()) run.rail_class = reading.rail_class;
    if (reading.is_taken_in) run.lines.push_back(index);
  }
  return run;
}

// A webhook before a file, then the lowest amount (withdrawals: the highest), then the earliest
// time; of lines alike in all that, the one of the first file. Before all: a line that names a
// record which is there (docs/adr/0034).
auto carrier_rank(const Book& book, std::size_t index) {
  const Reading& reading = book.readings[index];
  const std::int64_t amount = reading.line->minor.value_or(kUnbounded);
  return std::tuple(!reading.names, reading.line->by_file,
                    reading.line->kind == "withdrawal" ? -amount : amount, reading.span.from,
                    reading.line->file_created_at, reading.line->sequence, index);
}

void look_at_amounts(const Book& book, Item& item) {
  item.lowest = item.highest = item.carrier_amount;
  for (const std::size_t index : item.lines) {
    const Reading& reading = book.readings[index];
    const std::int64_t amount = amount_of(book, item, *reading.line);
    item.lowest = std::min(item.lowest, amount);
    item.highest = std::max(item.highest, amount);
    if (!item.has_webhook || !reading.line->by_file) continue;
    item.is_seen_in_file |= amount == item.carrier_amount;
  }
  item.effective = item.kind == "withdrawal" ? item.highest : item.lowest;
}

Item make_item(const Book& book, const Run& run) {
  const auto rank = [&book](std::size_t index) { return carrier_rank(book, index); };
  const std::size_t carrier = *std::ranges::min_element(run.lines, {}, rank);
  const Reading& reading = book.readings[carrier];
  const Line& line = *reading.line;
  Item item{line.provider, line.kind, line.txn_id, run.owner, run.currency, line.rail};
  item.rail_class = run.rail_class;
  item.lines = run.lines;
  item.carrier = carrier;
  item.span = reading.span;
  item.has_webhook = !line.by_file;
  item.is_whole = std::ranges::none_of(run.lines, [&book](std::size_t index) {
    return book.readings[index].line->minor.has_value();
  });
  item.names = reading.names;
  for (const std::size_t index : run.lines) {
    if (item.currency.empty()) item.currency = currency_of(*book.readings[index].line);
  }
  if (item.currency.empty() && item.names) item.currency = book.items[*item.names].currency;
  item.carrier_amount = amount_of(book, item, line);
  look_at_amounts(book, item);
  return item;
}

void gather_items(Book& book, Indexes lines) {
  const auto& all = book.history->lines;
  // total: the index is unique.
  std::ranges::sort(lines, [&all](std::size_t a, std::size_t b) {
    return std::tuple(identity_of(all[a]), all[a].sequence, a) <
           std::tuple(identity_of(all[b]), all[b].sequence, b);
  });
  for (auto from = lines.begin(); from != lines.end();) {
    const auto until = std::find_if(from, lines.end(), [&](std::size_t index) {
      return identity_of(all[index]) != identity_of(all[*from]);
    });
    const Run run = settle_conflicts(book, Indexes(from, until));
    if (!run.lines.empty()) book.items.push_back(make_item(book, run));
    from = until;
  }
}

std::optional<std::size_t> find_named(const Book& book, const Line& line) {
  const auto identity = [](const Item& item) {
    return std::tuple(item.provider, item.kind, item.txn_id);
  };
  for (const std::string_view kind : named_kinds(line)) {
    const std::tuple<std::string_view, std::string_view, std::string_view> named(
        line.provider, kind, line.reverses);
    const auto found = std::ranges::lower_bound(book.items, named, {}, identity);
    if (found != book.items.end() && identity(*found) == named)
      return static_cast<std::size_t>(found - book.items.begin());
  }
  return std::nullopt;
}

/// True for a record that is gone, and was its holder's when the line came.
bool was_there_before(const Reading& record, const Line& line) {
  const bool was_known = record.claim == nullptr || record.claim->claimed_at <= line.recorded_at;
  return record.line->is_gone && record.line->sequence < line.sequence && was_known;
}

/// Whose record the line names, though that is not taken in; nobody's: empty. For a line that is
/// taken in, only one that was there and is gone: any other came too late for it.
std::string_view find_holder(const Book& book, const Reading& naming) {
  const Line& line = *naming.line;
  for (const std::string_view kind : named_kinds(line)) {
    const Reading* first = nullptr;
    for (const Reading& reading : book.readings) {
      const bool is_named =
          identity_of(*reading.line) == std::tie(line.provider, kind, line.reverses);
      if (!is_named || reading.owner.empty() || !reading.rejection.empty()) continue;
      if (naming.is_taken_in && !was_there_before(reading, line)) continue;
      if (first == nullptr || reading.line->sequence < first->line->sequence) first = &reading;
    }
    if (first != nullptr) return first->owner;
  }
  return {};
}

// docs/adr/0027: a line that names a record is its holder's, whatever it states itself.
void resolve_name(Book& book, Reading& reading) {
  const Line& line = *reading.line;
  if (reading.is_taken_in) reading.names = find_named(book, line);
  if (!reading.names) {
    const std::string_view holder = find_holder(book, reading);
    if (!holder.empty()) reading.owner = holder;
    reading.names_gone = reading.is_taken_in && !holder.empty();
    return;
  }
  reading.owner = book.items[*reading.names].owner;
  reading.is_malformed_reference = false;
  // In another currency it takes nothing back; one of the whole states none.
  if (line.minor && book.items[*reading.names].currency != line.currency) reading.names.reset();
}

}  // namespace

std::int64_t amount_of(const Book& book, const Item& item, const Line& line) {
  if (line.minor) return *line.minor;
  if (!item.names) return kUnbounded;
  const Item& named = book.items[*item.names];
  return named.kind == "withdrawal" ? named.highest : named.lowest;
}

Book open_book(const History& history, const IsTakenIn& is_taken_in) {
  Book book{&history};
  book.readings.reserve(history.lines.size());
  Indexes payments;
  for (std::size_t i = 0; i < history.lines.size(); ++i) {
    book.readings.push_back(read_line(history, history.lines[i], is_taken_in(i)));
    const Reading& reading = book.readings.back();
    // All of them, taken in or not: a conflict is a fact stored when the line was recorded.
    if (!reading.owner.empty() && is_payment(reading.line->kind)) payments.push_back(i);
  }
  gather_items(book, payments);
  Indexes naming;
  for (std::size_t i = 0; i < history.lines.size(); ++i) {
    Reading& reading = book.readings[i];
    if (!reading.rejection.empty()) continue;
    if (!is_payment(reading.line->kind)) resolve_name(book, reading);
    if (!is_payment(reading.line->kind) && !reading.owner.empty()) naming.push_back(i);
  }
  gather_items(book, naming);
  return book;
}

}  // namespace thaw::audit
