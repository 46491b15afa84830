#include "sim/auditor/window.h"

#include <algorithm>

namespace thaw::audit {
namespace {

bool is_withdrawal(const Item& item) {
  return item.kind == "withdrawal";
}

// Withdrawals made in [enrolled_at, decide_at) count, SPEC §2.5.
Lies lies_where_counted(const Window& window, const Item& item) {
  const Instant until = is_withdrawal(item) ? window.decides_at : window.until;
  return lies_in(item.span, window.from, until);
}

bool has_rail(const Rules& rules, const Item& item) {
  return std::ranges::find(rules.rails, item.rail) != rules.rails.end();
}

}  // namespace

Window window_of(const History& history, const Enrolment& enrolment) {
  const Rules& rules = history.rules.at(enrolment.rules);
  const Instant until = enrolment.enrolled_at + rules.window;
  return {&rules, enrolment.enrolled_at, until, until + rules.grace};
}

std::string_view exclusion_of(const Window& window, const Item& item, std::int64_t amount) {
  const Rules& rules = *window.rules;
  const Lies lies = lies_where_counted(window, item);
  if (!is_withdrawal(item) && !has_rail(rules, item)) return "rail";
  if (lies == Lies::before) return "before_window";
  if (lies == Lies::after) return "after_window";
  if (item.currency != rules.currency) return "currency";
  return !is_withdrawal(item) && amount < rules.minimum_minor ? "below_minimum" : "";
}

bool is_timing_uncertain(const Window& window, const Item& item) {
  const bool may_lie_in_part = !is_withdrawal(item) && !item.span.is_settlement_only;
  return !may_lie_in_part && lies_where_counted(window, item) == Lies::partly;
}

std::int64_t count_of(const Window& window, std::int64_t amount, std::int64_t reversed) {
  const std::int64_t left = std::max<std::int64_t>(0, amount - reversed);
  return std::min(left, window.rules->maximum_counted_minor.value_or(left));
}

std::int64_t effect_of(const Window& window, const Item& item) {
  if (!exclusion_of(window, item, item.effective).empty()) return 0;
  return is_timing_uncertain(window, item) ? 0 : count_of(window, item.effective, 0);
}

bool is_in_grace(const Window& window, const Item& item) {
  if (item.currency != window.rules->currency) return false;
  const Lies lies = lies_in(item.span, window.until, window.decides_at);
  if (lies == Lies::inside) return true;
  if (lies != Lies::partly) return false;
  if (is_withdrawal(item)) return true;
  return item.span.from >= window.until && !item.span.is_settlement_only;
}

}  // namespace thaw::audit
