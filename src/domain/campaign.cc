#include "domain/campaign.h"

#include <algorithm>

namespace thaw {

bool CampaignRules::has_rail(Rail rail) const {
  return std::find(rails.begin(), rails.end(), rail) != rails.end();
}

std::vector<CampaignFault> find_faults(const CampaignRules& rules) {
  std::vector<CampaignFault> faults;
  const auto want = [&faults](bool holds, const char* field, const char* message) {
    if (!holds) faults.push_back({field, message});
  };
  want(!rules.name.empty() && rules.name.size() <= 200, "name", "1 to 200 bytes");
  want(rules.threshold.units() > 0 && rules.threshold.units() <= kLargestPayment, "threshold",
       "above zero, at most 10^11 minor units");
  want(rules.points > 0 && rules.points <= 1'000'000'000, "points", "1 to 10^9");
  want(rules.window >= Duration::hours(1) && rules.window <= Duration::days(366), "window",
       "PT1H to P366D");
  want(rules.grace >= Duration{0} && rules.grace <= Duration::days(60), "grace", "PT0S to P60D");
  want(!rules.rails.empty(), "rails", "at least one rail");
  for (std::size_t i = 0; i < rules.rails.size(); ++i) {
    want(std::count(rules.rails.begin(), rules.rails.end(), rules.rails[i]) == 1, "rails",
         "each rail once");
  }
  want(rules.late_until >= Duration{0} && rules.late_until <= Duration::days(366), "late_until",
       "PT0S to P366D");
  want(rules.settlement_wait >= Duration{0} && rules.settlement_wait <= Duration::days(60),
       "settlement_wait", "PT0S to P60D");
  want(!rules.enrolment_opens_at || !rules.enrolment_closes_at ||
           *rules.enrolment_opens_at < *rules.enrolment_closes_at,
       "enrolment_closes_at", "after enrolment_opens_at");
  want(rules.minimum_load.units() >= 0 && rules.minimum_load.units() <= kLargestPayment,
       "minimum_load", "zero or more");
  want(!rules.maximum_counted_per_load || (rules.maximum_counted_per_load->units() > 0 &&
                                           *rules.maximum_counted_per_load >= rules.minimum_load),
       "maximum_counted_per_load", "above zero and not below minimum_load");
  want(!rules.budget_points || *rules.budget_points >= rules.points, "budget_points",
       "at least one member's points");
  if (!rules.exclusion_group.empty()) {
    want(parse_campaign_id(rules.exclusion_group).has_value(), "exclusion_group",
         "[a-z0-9-]{1,32}");
  }
  return faults;
}

}  // namespace thaw
