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

std::int64_t could_return(const Balance& b) {
  const std::int64_t in_grace = at_least_zero(b.withdrawn_in_grace - b.loaded_in_grace);
  const std::int64_t known = std::min(b.could_return_in_window, b.withdrawn_in_window) +
                             std::min(b.could_return_in_grace, in_grace);
  return std::min(known + b.could_return_in_either, b.withdrawn_in_window + in_grace);
}

// If all held items turned out well for the member.
std::int64_t best_of(const Rules& rules, const Balance& b) {
  const std::int64_t loaded = b.instant + b.settled + b.could_add;
  return is_deducting(rules) ? loaded - withdrawn(b) + could_return(b) : loaded;
}

// If all turned out badly: nothing sets off what may have been withdrawn.
std::int64_t worst_of(const Rules& rules, const Balance& b) {
  const std::int64_t loaded = b.instant + b.settled - b.could_take;
  if (is_disqualifying(rules)) return b.could_withdraw > 0 ? 0 : loaded;
  return is_deducting(rules) ? loaded - withdrawn(b) - b.could_withdraw : loaded;
}

bool could_flip(const Rules& rules, const Balance& balance) {
  const std::int64_t total = totals_of(rules, balance).qualifying;
  return total < rules.threshold_minor ? best_of(rules, balance) >= rules.threshold_minor
                                       : worst_of(rules, balance) < rules.threshold_minor;
}

}  // namespace

Totals totals_of(const Rules& rules, const Balance& balance) {
  Totals totals{balance.instant, balance.settled, withdrawn(balance)};
  const std::int64_t cumulative = totals.instant + totals.settled;
  totals.qualifying =
      is_deducting(rules) ? at_least_zero(cumulative - totals.withdrawn) : cumulative;
  return totals;
}

Bounds bounds_of(const Balance& b) {
  return {b.could_add, std::min(b.could_take, b.instant + b.settled), b.could_withdraw,
          could_return(b)};
}

Verdict decide(const Rules& rules, const Balance& balance) {
  const Totals totals = totals_of(rules, balance);
  // Reasons in SPEC's order.
  if (is_disqualifying(rules) && totals.withdrawn > 0)
    return {"not_qualified", "disqualified_by_withdrawal"};
  if (could_flip(rules, balance)) return {"in_review", "held_items_could_flip"};
  if (totals.qualifying < rules.threshold_minor) return {"not_qualified", "below_threshold"};
  return {"qualified", "qualified"};
}

}  // namespace thaw::audit
