#include "domain/held_value.h"

#include <algorithm>

#include "domain/window_rules.h"

namespace thaw {
namespace {

const Minor kAll = Minor::of(Minor::kMax);  // of a reversal that states no amount

/// Between the amounts of one identity.
Minor difference_of(const LineGroup& group) {
  return group.highest.value_or(Minor{}) - group.lowest.value_or(Minor{});
}

}  // namespace

void HeldValue::hold_load(Minor value) {
  held_ += value;
  add_ += value;
}

void HeldValue::hold_difference(const LineGroup& load, Minor counted) {
  const Minor highest = load.highest.value_or(Minor{});
  if (load.correction || highest < window_.rules->minimum_load) return;  // a correction settles it
  const Minor most = cap_load(highest - load.reversed, *window_.rules);
  hold_load(std::max(most - counted, Minor{}));
}

void HeldValue::hold_withdrawal(Minor value) {
  held_ += value;
  withdraw_ += value;
}

void HeldValue::hold_difference(const LineGroup& withdrawal) {
  if (withdrawal.correction) return;
  held_ += difference_of(withdrawal);
  could_return(withdrawal, difference_of(withdrawal));
}

void HeldValue::hold_confirming(const LineGroup& record, const LineGroup& payment) {
  if (payment.correction || find_exclusion(*payment.carrier, record.highest, window_)) return;
  if (payment.carrier->kind == LineKind::load) return hold_load(difference_of(record));
  held_ += difference_of(record);
  could_return(payment, difference_of(record));
}

void HeldValue::hold_naming(const LineGroup& naming, const LineGroup* payment) {
  const Line& line = *naming.carrier;
  if (!is_held(naming.placed) && naming.placed != Placed::applied) {
    return hold_settled(naming, payment);
  }
  if (naming.highest && line.kind == LineKind::reversal && may_concern(line)) {
    held_ += *naming.highest - naming.reversed;
  }
  if (!payment) return hold_orphan(line, naming.asks_for_all ? std::nullopt : naming.highest);
  const auto most = std::max(payment->highest, payment->amount);
  if (!find_exclusion(*payment->carrier, most, window_)) hold_named(naming, *payment);
}

/// What a reversal asked for and has not taken, and the difference between the amounts of a
/// correction, of which the lowest stands, may still come off the payment or onto it.
void HeldValue::hold_named(const LineGroup& naming, const LineGroup& payment) {
  const bool is_load = payment.carrier->kind == LineKind::load;
  if (naming.carrier->kind == LineKind::correction) {
    (is_load ? add_ : withdraw_) += difference_of(naming);
    if (payment.is_ambiguous) hold_correction(payment);
    return;
  }
  const Minor asked = naming.highest.value_or(is_held(naming.placed) ? kAll : naming.reversed);
  if (is_load) {
    take_ += asked - naming.reversed;
  } else {
    could_return(payment, asked - naming.reversed);
  }
}

/// A reversal that takes nothing more, since it is told already or nothing is left: told again with
/// another amount it may be another one.
void HeldValue::hold_settled(const LineGroup& naming, const LineGroup* payment) {
  if (naming.carrier->kind != LineKind::reversal || !payment) return;
  const auto most = std::max(payment->highest, payment->amount);
  if (find_exclusion(*payment->carrier, most, window_)) return;
  const Minor difference = difference_of(naming);
  held_ += difference;
  if (payment->carrier->kind == LineKind::load) {
    take_ += difference;
  } else {
    could_return(*payment, difference);
  }
}

/// The record may be that of a payment which is there, and the correction that one's.
void HeldValue::hold_correction(const LineGroup& record) {
  const Minor stated = record.uncorrected.value_or(Minor{});
  const Minor corrected = record.amount.value_or(Minor{});
  const Minor less = std::max(stated - corrected, Minor{});
  const Minor more = std::max(corrected - stated, Minor{});
  if (record.carrier->kind == LineKind::load) {
    take_ += less;
    add_ += more;
  } else {
    could_return(record, less);
    withdraw_ += more;
  }
}

/// It may concern a payment that is there, once its own record confirms that one: a load, unless it
/// says that it means a withdrawal, or either.
void HeldValue::hold_orphan(const Line& line, std::optional<Minor> amount) {
  if (!may_concern(line)) return;
  const bool is_correction = line.kind == LineKind::correction;
  const Minor value = amount.value_or(kAll);
  const auto kind = line.original ? line.original->kind : std::nullopt;
  if (kind != LineKind::withdrawal) {
    take_ += value;
    if (is_correction) add_ += value;
  }
  if (kind != LineKind::load) {
    return_either_ += value;
    if (is_correction) withdraw_ += value;
  }
}

void HeldValue::hold_conflict(const Line& line) {
  const Minor amount = line.amount.value_or(Minor{});
  if (line.kind == LineKind::load) return hold_load(cap_load(amount, *window_.rules));
  if (line.kind == LineKind::withdrawal) return hold_withdrawal(amount);
  if (line.kind == LineKind::reversal && may_concern(line)) held_ += amount;
  hold_orphan(line, line.amount);
}

void HeldValue::write(Totals& totals, Minor withdrawn_window, Minor withdrawn_grace) const {
  totals.held = held_;
  totals.could_add = add_;
  totals.could_take = std::min(take_, totals.cumulative());
  totals.could_withdraw = withdraw_;
  const Minor known =
      std::min(return_window_, withdrawn_window) + std::min(return_grace_, withdrawn_grace);
  totals.could_return = std::min(known + return_either_, withdrawn_window + withdrawn_grace);
}

/// One of the whole states no currency.
bool HeldValue::may_concern(const Line& line) const {
  return line.currency == window_.rules->currency || line.currency == Currency();
}

/// It is known in which part one that counts was made; one that is held, or not known, may stand
/// for one made in either.
void HeldValue::could_return(const LineGroup& withdrawal, Minor value) {
  const WithdrawalPart part = part_of_withdrawal(*withdrawal.carrier, window_);
  if (withdrawal.is_ambiguous || part == WithdrawalPart::uncertain) {
    return_either_ += value;
  } else {
    (part == WithdrawalPart::grace ? return_grace_ : return_window_) += value;
  }
}

}  // namespace thaw
