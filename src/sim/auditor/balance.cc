#include "sim/auditor/balance.h"

#include <algorithm>

#include "sim/auditor/judging.h"

namespace thaw::audit {
namespace {

// Value of which SPEC does not say that it is held value.
void argue(Balance& balance, Held& held, std::int64_t value, std::string_view question) {
  if (value == 0) return;
  held.arguable += value;
  balance.open.insert(question);
}

std::int64_t left_of(const Item& item) {
  return std::max<std::int64_t>(0, item.effective - item.reversed);
}

// docs/adr/0021: in doubt a load made in grace does not set off.
void add_grace_load(Balance& balance, const Window& window, const Item& load) {
  const Lies lies = lies_in(load.span, window.until, window.decides_at);
  const bool is_unsure = load.span.is_settlement_only && lies == Lies::partly;
  if (load.currency != window.rules->currency || (!is_unsure && !is_in_grace(window, load))) return;
  if (is_unsure && load.span.from < window.until) {
    // It may count in the window or set off in grace, not both.
    argue(balance, balance.grace_loads, left_of(load),
          "does a load set off in grace that may have been made in the window?");
  } else if (is_unsure || is_held(load)) {
    balance.grace_loads.plain += left_of(load);
  } else {
    balance.loaded_in_grace += left_of(load);
    argue(balance, balance.grace_loads, load.highest - load.lowest,
          "does the difference of a load made in grace set off?");
  }
}

// Only the difference is held value (SPEC §2.4): of what the higher amount would count for.
void add_mismatch(Balance& balance, const Window& window, const Item& load) {
  Item higher = load;
  higher.effective = load.highest;
  const std::int64_t more = worth_of(window, higher) - worth_of(window, load);
  // Does a correction settle the mismatch? Would a reversal have taken the higher amount, too? And
  // is there a held line at all, if the carrier is the higher one and excluded for the lower
  // amount?
  const bool is_wholly_reversed = load.reversed > 0 && left_of(load) == 0;
  const bool is_plain =
      !load.is_corrected && !is_wholly_reversed &&
      (worth_of(window, load) > 0 || load.reversed > 0 || load.carrier_amount == load.lowest);
  const std::int64_t value = std::max<std::int64_t>(0, more);
  if (is_plain) {
    balance.loads.plain += value;
  } else {
    argue(balance, balance.loads, value,
          load.is_corrected    ? "is a corrected load's difference held?"
          : is_wholly_reversed ? "is a wholly reversed load's difference held?"
                               : "is the higher carrier's difference held?");
  }
}

void add_load(Balance& balance, const Window& window, const Item& load) {
  const std::int64_t worth = worth_of(window, load);
  if (is_held(load) || is_timing_uncertain(window, load)) {
    balance.loads.plain += worth;
  } else {
    (load.has_webhook ? balance.instant : balance.settled) += worth;
  }
  add_grace_load(balance, window, load);
  if (load.highest > load.lowest) add_mismatch(balance, window, load);
}

void add_withdrawal(Balance& balance, const Window& window, const Item& withdrawal) {
  if (!exclusion_of(window, withdrawal, withdrawal.effective).empty()) return;
  const std::int64_t left = left_of(withdrawal);
  if (is_timing_uncertain(window, withdrawal)) {
    balance.withdrawals.plain += left;
    return;
  }
  const bool is_grace = is_in_grace(window, withdrawal);
  (is_grace ? balance.withdrawn_in_grace : balance.withdrawn_in_window) += left;
  const std::int64_t least = std::max<std::int64_t>(0, withdrawal.lowest - withdrawal.reversed);
  Held& less = is_grace ? balance.less_drawn_in_grace : balance.less_drawn_in_window;
  const std::int64_t value = std::max<std::int64_t>(0, left - least);
  if (withdrawal.is_corrected) {
    argue(balance, less, value, "is a corrected withdrawal's difference held?");
  } else {
    less.plain += value;
  }
}

// A record that confirms takes part in nothing, but its repeats with another amount are held.
void add_confirming(Balance& balance, const Item& record) {
  const char* question = "is the difference of a record that confirms held?";
  argue(balance, balance.loads, record.highest - record.lowest, question);
  argue(balance, balance.less_drawn_in_window, record.highest - record.lowest, question);
}

void add_orphan(Balance& balance, const Book& book, const Window& window, const Item& orphan) {
  const std::string_view named_kind = book.readings[orphan.carrier].line->reverses_kind;
  const char* question = "what could an orphan have done?";
  if (orphan.kind == "correction") argue(balance, balance.loads, orphan.effective, question);
  if (named_kind != "load") {
    argue(balance, balance.less_drawn_in_window, orphan.effective, question);
  }
  // What was taken back before the window cannot have been loaded in it; but SPEC does not say so.
  const bool is_plain =
      orphan.kind == "reversal" && named_kind != "withdrawal" && orphan.span.until > window.from;
  if (is_plain) {
    balance.reversals.plain += orphan.effective;
  } else {
    argue(balance, balance.reversals, orphan.effective, question);
  }
}

// What a reversal could not take, and what its higher amount would take.
void add_naming(Balance& balance, const Book& book, const Window& window, const Item& naming) {
  if (naming.currency != window.rules->currency) return;
  if (!naming.names) return add_orphan(balance, book, window, naming);
  const std::int64_t held = naming.excess + naming.highest - naming.lowest;
  const char* question = naming.kind == "correction" ? "is a correction's difference held value?"
                         : naming.excess > 0         ? "is the excess of a reversal held value?"
                                                     : "is a reversal's difference held value?";
  argue(balance, balance.reversals, held, question);
  argue(balance, balance.less_drawn_in_window, held, question);
  if (naming.kind == "correction") argue(balance, balance.loads, held, question);
}

void add_item(Balance& balance, const Book& book, const Window& window, const Item& item) {
  if (!is_payment(item)) return add_naming(balance, book, window, item);
  if (item.confirms) return add_confirming(balance, item);
  if (item.kind == "load") return add_load(balance, window, item);
  add_withdrawal(balance, window, item);
}

bool is_repeat(const Book& book, std::size_t line) {
  const Line& own = *book.readings[line].line;
  for (std::size_t before = 0; before < line; ++before) {
    const Reading& reading = book.readings[before];
    const Line& other = *reading.line;
    if (reading.is_conflict && reading.is_taken_in && other.provider == own.provider &&
        other.kind == own.kind && other.txn_id == own.txn_id)
      return true;
  }
  return false;
}

// Held whole; what repeats such a line, once or each time?
void add_conflict(Balance& balance, const Book& book, const Window& window, std::size_t line) {
  const Item item = item_alone(book, line);
  if (item.currency != window.rules->currency) return;
  const bool is_arguable = is_repeat(book, line);
  const auto add = [&balance, is_arguable](Held& held, std::int64_t value) {
    if (!is_arguable) {
      held.plain += value;
    } else {
      argue(balance, held, value,
            "does a conflicting line that repeats another add to held value?");
    }
  };
  if (item.kind == "load") {
    add(balance.loads, worth_of(window, item));
    if (is_in_grace(window, item)) {
      argue(balance, balance.grace_loads, item.effective,
            "does a conflicting load made in grace set off?");
    }
  } else if (item.kind == "withdrawal") {
    add(balance.withdrawals, worth_of(window, item));
  } else {
    argue(balance, balance.reversals, item.effective, "is a conflicting reversal held value?");
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
