#include "sim/auditor/verdict.h"

#include <algorithm>

namespace thaw::audit {
namespace {

std::int64_t at_least_zero(std::int64_t units) {
  return std::max<std::int64_t>(0, units);
}

// SPEC §2.5: those made in grace are first set against loads made in grace.
std::int64_t withdrawn(std::int64_t in_window, std::int64_t in_grace, std::int64_t loaded) {
  return at_least_zero(in_window) + at_least_zero(at_least_zero(in_grace) - loaded);
}

std::int64_t withdrawn(const Balance& b) {
  return withdrawn(b.withdrawn_in_window, b.withdrawn_in_grace, b.loaded_in_grace);
}

bool is_deducting(const Rules& rules) {
  return rules.withdrawal_policy == "deduct";
}

bool is_disqualifying(const Rules& rules) {
  return rules.withdrawal_policy == "disqualify";
}

// If all held items turned out well for the member.
std::int64_t best_of(const Rules& rules, const Balance& b, bool with_arguable) {
  const std::int64_t loaded = b.instant + b.settled + b.loads.up_to(with_arguable);
  if (!is_deducting(rules)) return loaded;
  return loaded - withdrawn(b.withdrawn_in_window - b.less_drawn_in_window.up_to(with_arguable),
                            b.withdrawn_in_grace - b.less_drawn_in_grace.up_to(with_arguable),
                            b.loaded_in_grace + b.grace_loads.up_to(with_arguable));
}

// If all turned out badly. What is left of the loads made in grace may set off a held withdrawal;
// SPEC does not say that it does.
std::int64_t worst_of(const Rules& rules, const Balance& b, bool with_arguable) {
  const std::int64_t loaded = b.instant + b.settled - b.reversals.up_to(with_arguable);
  const std::int64_t spare = at_least_zero(b.loaded_in_grace - b.withdrawn_in_grace);
  const std::int64_t held =
      at_least_zero(b.withdrawals.up_to(with_arguable) - (with_arguable ? 0 : spare));
  if (is_disqualifying(rules)) return held > 0 ? 0 : loaded;
  return is_deducting(rules) ? loaded - withdrawn(b) - held : loaded;
}

bool could_flip(const Rules& rules, const Balance& balance, bool with_arguable) {
  const std::int64_t total = totals_of(rules, balance).qualifying;
  if (total < rules.threshold_minor)
    return best_of(rules, balance, with_arguable) >= rules.threshold_minor;
  return worst_of(rules, balance, with_arguable) < rules.threshold_minor;
}

}  // namespace

Totals totals_of(const Rules& rules, const Balance& balance) {
  Totals totals{balance.instant, balance.settled, withdrawn(balance)};
  const std::int64_t cumulative = totals.instant + totals.settled;
  totals.qualifying =
      is_deducting(rules) ? at_least_zero(cumulative - totals.withdrawn) : cumulative;
  return totals;
}

Verdict decide(const Rules& rules, const Balance& balance) {
  const Totals totals = totals_of(rules, balance);
  // Reasons in SPEC's order.
  if (is_disqualifying(rules) && totals.withdrawn > 0)
    return {"not_qualified", "disqualified_by_withdrawal"};
  const bool is_flip = could_flip(rules, balance, false);
  const bool is_certain = is_flip == could_flip(rules, balance, true);
  if (is_flip) return {"in_review", "held_items_could_flip", is_certain};
  if (totals.qualifying < rules.threshold_minor)
    return {"not_qualified", "below_threshold", is_certain};
  return {"qualified", "qualified", is_certain};
}

}  // namespace thaw::audit
