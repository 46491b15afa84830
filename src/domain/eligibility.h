#pragma once

#include "domain/campaign.h"
#include "domain/placing.h"

namespace thaw {

/// The verdict on an enrolment's totals (SPEC §2.6). Waiting for files is decided before this.
struct Verdict {
  Outcome outcome = Outcome::not_qualified;
  VerdictReason reason = VerdictReason::below_threshold;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// What is compared with the threshold: `deduct` takes withdrawals off, never below zero.
Minor qualifying_total(const Totals& totals, WithdrawalPolicy policy);

/// Reasons in the order of SPEC §2.6: disqualified_by_withdrawal, held_items_could_flip (in
/// review), below_threshold, qualified.
Verdict judge(const CampaignRules& rules, const Totals& totals);

}  // namespace thaw
