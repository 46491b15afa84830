#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "domain/ids.h"
#include "domain/vocabulary.h"

namespace thaw {

/// The rules of one campaign version (SPEC §2.1). A published version never changes.
struct CampaignRules {
  CampaignId id;
  std::int64_t version = 0;
  std::string name;
  Currency currency;
  Minor threshold;
  std::int64_t points = 0;
  Duration window = Duration::days(30);
  Duration grace = Duration::hours(48);
  std::vector<Rail> rails;
  WithdrawalPolicy withdrawal_policy = WithdrawalPolicy::deduct;
  LatePolicy late_policy = LatePolicy::review;
  Duration late_until = Duration::days(14);  // after decide_at
  Duration settlement_wait = Duration::days(5);
  std::optional<Instant> enrolment_opens_at;
  std::optional<Instant> enrolment_closes_at;
  std::string time_zone = "Australia/Sydney";
  Minor minimum_load;                             // zero: no minimum
  std::optional<Minor> maximum_counted_per_load;  // a load counts up to it
  std::optional<std::int64_t> budget_points;
  bool segment_required = false;
  std::string exclusion_group;  // empty: none

  bool has_rail(Rail rail) const;
  friend bool operator==(const CampaignRules&, const CampaignRules&) = default;
};

template <typename Archive>
void describe(Archive& ar, CampaignRules& c) {
  ar(c.id, c.version, c.name, c.currency, c.threshold, c.points, c.window, c.grace, c.rails,
     c.withdrawal_policy, c.late_policy, c.late_until, c.settlement_wait, c.enrolment_opens_at,
     c.enrolment_closes_at, c.time_zone, c.minimum_load, c.maximum_counted_per_load,
     c.budget_points, c.segment_required, c.exclusion_group);
}

/// One thing wrong with a draft: the field as the API spells it, and what is wanted.
struct CampaignFault {
  std::string field;
  std::string message;
  friend bool operator==(const CampaignFault&, const CampaignFault&) = default;
};

/// Everything wrong with the rules; empty when they can be published.
std::vector<CampaignFault> find_faults(const CampaignRules& rules);

}  // namespace thaw
