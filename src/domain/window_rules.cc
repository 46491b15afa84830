#include "domain/window_rules.h"

namespace thaw {

Overlap overlap_of(const LineTime& time, Instant from, Instant until) {
  if (time.until <= from) return Overlap::before;
  if (time.from >= until) return Overlap::after;
  return time.from >= from && time.until <= until ? Overlap::inside : Overlap::partly;
}

namespace {

std::optional<Placed> find_withdrawal_exclusion(const Line& withdrawal,
                                                const PlacingWindow& window) {
  const WithdrawalPart part = part_of_withdrawal(withdrawal, window);
  if (part == WithdrawalPart::before) return Placed::excluded_before_window;
  if (part == WithdrawalPart::after) return Placed::excluded_after_window;
  if (withdrawal.currency != window.rules->currency) return Placed::excluded_currency;
  return std::nullopt;
}

}  // namespace

std::optional<Placed> find_exclusion(const Line& payment, std::optional<Minor> amount,
                                     const PlacingWindow& window) {
  if (payment.kind == LineKind::withdrawal) return find_withdrawal_exclusion(payment, window);
  if (payment.not_a_load) return Placed::excluded_not_a_load;
  if (!payment.rail || !window.rules->has_rail(*payment.rail)) return Placed::excluded_rail;
  const Overlap overlap = overlap_of(payment.time, window.enrolled_at, window.ends_at);
  if (overlap == Overlap::before) return Placed::excluded_before_window;
  if (overlap == Overlap::after) return Placed::excluded_after_window;
  if (payment.currency != window.rules->currency) return Placed::excluded_currency;
  if (amount.value_or(Minor{}) < window.rules->minimum_load) return Placed::excluded_below_minimum;
  return std::nullopt;
}

bool is_timing_uncertain(const Line& load, const PlacingWindow& window) {
  return load.time.certainty == TimeCertainty::settlement_day &&
         overlap_of(load.time, window.enrolled_at, window.ends_at) == Overlap::partly;
}

bool is_made_in_grace(const Line& load, const PlacingWindow& window) {
  if (load.not_a_load || load.currency != window.rules->currency) return false;
  if (overlap_of(load.time, window.enrolled_at, window.ends_at) != Overlap::after) return false;
  const Overlap overlap = overlap_of(load.time, window.ends_at, window.decides_at);
  if (load.time.certainty == TimeCertainty::settlement_day) return overlap == Overlap::inside;
  return overlap == Overlap::inside || overlap == Overlap::partly;
}

WithdrawalPart part_of_withdrawal(const Line& withdrawal, const PlacingWindow& window) {
  switch (overlap_of(withdrawal.time, window.enrolled_at, window.decides_at)) {
    case Overlap::before: return WithdrawalPart::before;
    case Overlap::after: return WithdrawalPart::after;
    case Overlap::partly: return WithdrawalPart::uncertain;
    case Overlap::inside: break;
  }
  return withdrawal.time.until > window.ends_at ? WithdrawalPart::grace : WithdrawalPart::window;
}

Minor cap_load(Minor net, const CampaignRules& rules) {
  if (rules.maximum_counted_per_load && net > *rules.maximum_counted_per_load) {
    return *rules.maximum_counted_per_load;
  }
  return net;
}

}  // namespace thaw
