#include "domain/eligibility.h"

#include <algorithm>

namespace thaw {
namespace {

bool would_qualify(const CampaignRules& rules, Minor cumulative, Minor withdrawn) {
  Totals totals;
  totals.settled = cumulative;
  totals.withdrawn = withdrawn;
  if (rules.withdrawal_policy == WithdrawalPolicy::disqualify && !withdrawn.is_zero()) return false;
  return qualifying_total(totals, rules.withdrawal_policy) >= rules.threshold;
}

/// Both readings of everything held: all for the member, and all against.
bool could_flip(const CampaignRules& rules, const Totals& totals) {
  const bool at_best = would_qualify(rules, totals.cumulative() + totals.could_add,
                                     std::max(totals.withdrawn - totals.could_return, Minor{}));
  const bool at_worst =
      would_qualify(rules, std::max(totals.cumulative() - totals.could_take, Minor{}),
                    totals.withdrawn + totals.could_withdraw);
  return at_best != at_worst;
}

}  // namespace

Minor qualifying_total(const Totals& totals, WithdrawalPolicy policy) {
  switch (policy) {
    case WithdrawalPolicy::deduct: return std::max(totals.cumulative() - totals.withdrawn, Minor{});
    case WithdrawalPolicy::ignore:
    case WithdrawalPolicy::disqualify: return totals.cumulative();
  }
  return {};
}

Verdict judge(const CampaignRules& rules, const Totals& totals) {
  if (rules.withdrawal_policy == WithdrawalPolicy::disqualify && !totals.withdrawn.is_zero()) {
    return {Outcome::not_qualified, VerdictReason::disqualified_by_withdrawal};
  }
  if (could_flip(rules, totals)) return {Outcome::in_review, VerdictReason::held_items_could_flip};
  if (!would_qualify(rules, totals.cumulative(), totals.withdrawn)) {
    return {Outcome::not_qualified, VerdictReason::below_threshold};
  }
  return {Outcome::qualified, VerdictReason::qualified};
}

}  // namespace thaw
