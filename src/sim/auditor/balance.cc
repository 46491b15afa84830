#include "sim/auditor/balance.h"

#include <algorithm>

#include "sim/auditor/judging.h"

namespace thaw::audit {
namespace {

std::int64_t at_least_zero(std::int64_t units) {
  return std::max<std::int64_t>(0, units);
}

std::int64_t left_of(const Item& item) {
  return at_least_zero(item.effective - item.reversed);
}

std::int64_t difference_of(const Item& item) {
  return item.highest - item.lowest;
}

// Only the difference is held value (SPEC §2.4): of what the higher amount would count for. A
// correction settles it, and with a load that is reversed whole it is gone.
void add_mismatch(Balance& balance, const Window& window, const Item& load) {
  const bool is_wholly_reversed = load.reversed > 0 && left_of(load) == 0;
  const bool is_below = exclusion_of(window, load, load.effective) == "below_minimum";
  if (load.is_corrected || (is_wholly_reversed && !is_below)) return;
  Item higher = load;
  higher.effective = load.highest;
  balance.could_add += at_least_zero(worth_of(window, higher) - worth_of(window, load));
}

// In doubt a load made in grace does not set off, docs/adr/0021.
void add_load(Balance& balance, const Window& window, const Item& load) {
  const std::int64_t worth = worth_of(window, load);
  if (is_held(load) || is_timing_uncertain(window, load)) {
    balance.could_add += worth;
  } else {
    (load.has_webhook ? balance.instant : balance.settled) += worth;
    if (load.is_paired || load.is_seen_in_file) balance.confirmed += worth;
  }
  if (!is_held(load) && is_in_grace(window, load)) balance.loaded_in_grace += left_of(load);
  add_mismatch(balance, window, load);
}

// What is held may stand for a withdrawal made in either part.
void add_return(Balance& balance, const Window& window, const Item& withdrawal,
                std::int64_t value) {
  if (is_held(withdrawal) || is_timing_uncertain(window, withdrawal)) {
    balance.could_return_in_either += value;
    return;
  }
  const bool is_grace = is_in_grace(window, withdrawal);
  (is_grace ? balance.could_return_in_grace : balance.could_return_in_window) += value;
}

void add_withdrawal(Balance& balance, const Window& window, const Item& withdrawal) {
  if (!exclusion_of(window, withdrawal, withdrawal.effective).empty()) return;
  const std::int64_t left = left_of(withdrawal);
  if (is_held(withdrawal) || is_timing_uncertain(window, withdrawal)) {
    balance.could_withdraw += left;
    return;
  }
  const bool is_grace = is_in_grace(window, withdrawal);
  (is_grace ? balance.withdrawn_in_grace : balance.withdrawn_in_window) += left;
  if (withdrawal.is_corrected || (withdrawal.reversed > 0 && left == 0)) return;
  add_return(balance, window, withdrawal, difference_of(withdrawal));
}

// A record that confirms takes part in nothing, but its repeats with another amount are held.
void add_confirming(Balance& balance, const Window& window, const Item& record,
                    const Item& payment) {
  if (payment.is_corrected) return;
  if (!exclusion_of(window, payment, record.highest).empty()) return;
  if (payment.kind == "load") {
    balance.could_add += difference_of(record);
  } else {
    add_return(balance, window, payment, difference_of(record));
  }
}

// What names a record that is not there may concern a payment that is, once its record confirms it:
// a load, unless it says that it means a withdrawal, or either.
void add_orphan(Balance& balance, const Window& window, const Line& line, std::int64_t amount) {
  if (line.minor && line.currency != window.rules->currency) return;
  const bool is_correction = line.kind == "correction";
  if (line.reverses_kind != "withdrawal") {
    balance.could_take += amount;
    if (is_correction) balance.could_add += amount;
  }
  if (line.reverses_kind != "load") {
    balance.could_return_in_either += amount;
    if (is_correction) balance.could_withdraw += amount;
  }
}

// The record may be another payment's, and its correction that one's.
void add_unclear_correction(Balance& balance, const Window& window, const Item& record) {
  const std::int64_t stated = record.kind == "withdrawal" ? record.highest : record.lowest;
  const std::int64_t more = at_least_zero(record.effective - stated);
  const std::int64_t less = at_least_zero(stated - record.effective);
  if (record.kind == "load") {
    balance.could_add += more;
    balance.could_take += less;
  } else {
    balance.could_withdraw += more;
    add_return(balance, window, record, less);
  }
}

// What a reversal asked for and has not taken; of a correction, of which the lowest amount stands,
// the difference.
void add_naming(Balance& balance, const Window& window, const Item& naming, const Item& payment) {
  const std::int64_t most = std::max(payment.highest, payment.effective);
  if (!exclusion_of(window, payment, most).empty()) return;
  const bool is_load = payment.kind == "load";
  const bool is_open = naming.fate == "applied" || naming.fate.starts_with("held");
  if (naming.kind == "correction") {
    if (!is_open) return;
    (is_load ? balance.could_add : balance.could_withdraw) += difference_of(naming);
    if (payment.is_ambiguous) add_unclear_correction(balance, window, payment);
    return;
  }
  const bool is_of_all = naming.is_whole && naming.fate == "applied";
  const std::int64_t all = naming.is_whole ? kUnbounded : naming.highest;
  const std::int64_t asked = is_of_all ? 0 : all - naming.taken;
  // Told already, or with nothing left: told again with another amount, it may be another one.
  const std::int64_t open = is_open ? asked : difference_of(naming);
  if (is_load) {
    balance.could_take += open;
  } else {
    add_return(balance, window, payment, open);
  }
}

void add_item(Balance& balance, const Book& book, const Window& window, const Item& item) {
  if (item.confirms && is_payment(item.kind)) {
    return add_confirming(balance, window, item, book.items[*item.confirms]);
  }
  if (item.kind == "load") return add_load(balance, window, item);
  if (item.kind == "withdrawal") return add_withdrawal(balance, window, item);
  if (const auto target = target_of(book, item)) {
    return add_naming(balance, window, item, book.items[*target]);
  }
  if (!item.fate.starts_with("held")) return;
  add_orphan(balance, window, *book.readings[item.carrier].line, item.highest);
}

// Held whole.
void add_conflict(Balance& balance, const Book& book, const Window& window, std::size_t line) {
  const Item item = item_alone(book, line);
  if (item.kind == "load") {
    balance.could_add += worth_of(window, item);
  } else if (item.kind == "withdrawal") {
    balance.could_withdraw += worth_of(window, item);
  } else {
    const Line& sent = *book.readings[line].line;
    add_orphan(balance, window, sent, sent.minor.value_or(kUnbounded));
  }
}

}  // namespace

Balance sum_up(const Book& book, const MemberPart& part, const Window& window) {
  Balance balance;
  for (const std::size_t index : part.items) add_item(balance, book, window, book.items[index]);
  for (std::size_t line = 0; line < book.readings.size(); ++line) {
    const Reading& reading = book.readings[line];
    if (reading.is_conflict && reading.is_taken_in && reading.owner == part.member)
      add_conflict(balance, book, window, line);
  }
  return balance;
}

}  // namespace thaw::audit
