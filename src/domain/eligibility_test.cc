// SPEC §2.5, §2.6: the verdict on a set of totals, its reasons in their order.

#include "domain/eligibility.h"

#include <gtest/gtest.h>

#include "domain/campaign.h"
#include "domain/placing.h"

namespace thaw {
namespace {

CampaignRules make_rules(WithdrawalPolicy policy) {
  CampaignRules rules;
  rules.threshold = Minor::of(100);
  rules.withdrawal_policy = policy;
  return rules;
}

Totals make_totals(std::int64_t loaded, std::int64_t withdrawn) {
  Totals totals;
  totals.instant = Minor::of(loaded);
  totals.withdrawn = Minor::of(withdrawn);
  return totals;
}

VerdictReason reason(WithdrawalPolicy policy, const Totals& totals) {
  return judge(make_rules(policy), totals).reason;
}

using enum WithdrawalPolicy;

TEST(Eligibility, a_withdrawal_is_deducted_or_ignored_or_disqualifies) {
  const Totals totals = make_totals(120, 30);
  EXPECT_EQ(reason(deduct, totals), VerdictReason::below_threshold);
  EXPECT_EQ(reason(ignore, totals), VerdictReason::qualified);
  EXPECT_EQ(reason(disqualify, totals), VerdictReason::disqualified_by_withdrawal);
  EXPECT_EQ(reason(disqualify, make_totals(120, 0)), VerdictReason::qualified);
  EXPECT_EQ(reason(deduct, make_totals(120, 20)), VerdictReason::qualified);
}

TEST(Eligibility, a_held_withdrawal_is_reviewed_where_it_could_flip_the_verdict) {
  const auto with_held = [](std::int64_t loaded) {
    Totals totals = make_totals(loaded, 0);
    totals.could_withdraw = Minor::of(10);
    return totals;
  };
  EXPECT_EQ(reason(disqualify, with_held(120)), VerdictReason::held_items_could_flip);
  EXPECT_EQ(reason(ignore, with_held(120)), VerdictReason::qualified);
  EXPECT_EQ(reason(deduct, with_held(120)), VerdictReason::qualified);
  EXPECT_EQ(reason(deduct, with_held(105)), VerdictReason::held_items_could_flip);
  EXPECT_EQ(reason(disqualify, with_held(90)), VerdictReason::below_threshold);
}

TEST(Eligibility, what_disqualifies_comes_before_what_is_held) {
  Totals totals = make_totals(120, 10);
  totals.could_return = Minor::of(10);
  EXPECT_EQ(reason(disqualify, totals), VerdictReason::disqualified_by_withdrawal);
  EXPECT_EQ(judge(make_rules(disqualify), totals).outcome, Outcome::not_qualified);
}

}  // namespace
}  // namespace thaw
