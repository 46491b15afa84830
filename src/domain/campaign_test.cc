// SPEC §2.1: what may stand in a campaign; each limit from both sides.

#include "domain/campaign.h"

#include <gtest/gtest.h>

#include <functional>

namespace thaw {
namespace {

CampaignRules make_rules() {
  CampaignRules rules;
  rules.id = CampaignId("cold");
  rules.name = "cold";
  rules.currency = *Currency::parse("AUD");
  rules.threshold = Minor::of(10'000);
  rules.points = 2000;
  rules.rails = {Rail::debit_card};
  return rules;
}

using Change = std::function<void(CampaignRules&)>;

TEST(CampaignFaults, none_at_the_limits) {
  const Change changes[] = {
      [](auto&) {},
      [](auto& r) { r.name = std::string(200, 'n'); },
      [](auto& r) { r.threshold = Minor::of(1); },
      [](auto& r) { r.points = 1'000'000'000; },
      [](auto& r) { r.window = Duration::hours(1); },
      [](auto& r) { r.window = Duration::days(366); },
      [](auto& r) { r.grace = Duration{}; },
      [](auto& r) { r.grace = Duration::days(60); },
      [](auto& r) { r.late_until = Duration{}; },
      [](auto& r) { r.late_until = Duration::days(366); },
      [](auto& r) { r.settlement_wait = Duration{}; },
      [](auto& r) { r.settlement_wait = Duration::days(60); },
      [](auto& r) { r.enrolment_opens_at = Instant{5}; },
      [](auto& r) { r.enrolment_closes_at = Instant{5}; },
      [](auto& r) { r.enrolment_opens_at = Instant{5}, r.enrolment_closes_at = Instant{6}; },
      [](auto& r) { r.maximum_counted_per_load = Minor::of(1); },
      [](auto& r) { r.budget_points = r.points; },
      [](auto& r) { r.exclusion_group = "one-of"; },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    CampaignRules rules = make_rules();
    changes[i](rules);
    EXPECT_TRUE(find_faults(rules).empty()) << i << find_faults(rules).front().field;
  }
}

TEST(CampaignFaults, the_field_is_named_beyond_them) {
  const std::pair<const char*, Change> changes[] = {
      {"name", [](auto& r) { r.name.clear(); }},
      {"name", [](auto& r) { r.name = std::string(201, 'n'); }},
      {"threshold", [](auto& r) { r.threshold = Minor{}; }},
      {"threshold", [](auto& r) { r.threshold = Minor::of(Minor::kMax); }},
      {"points", [](auto& r) { r.points = 0; }},
      {"points", [](auto& r) { r.points = 1'000'000'001; }},
      {"window", [](auto& r) { r.window = Duration::minutes(59); }},
      {"window", [](auto& r) { r.window = Duration::days(367); }},
      {"grace", [](auto& r) { r.grace = Duration{-1}; }},
      {"grace", [](auto& r) { r.grace = Duration::days(61); }},
      {"late_until", [](auto& r) { r.late_until = Duration{-1}; }},
      {"late_until", [](auto& r) { r.late_until = Duration::days(367); }},
      {"settlement_wait", [](auto& r) { r.settlement_wait = Duration{-1}; }},
      {"settlement_wait", [](auto& r) { r.settlement_wait = Duration::days(61); }},
      {"enrolment_closes_at",
       [](auto& r) { r.enrolment_opens_at = Instant{5}, r.enrolment_closes_at = Instant{5}; }},
      {"minimum_load", [](auto& r) { r.minimum_load = Minor::of(-1); }},
      {"minimum_load", [](auto& r) { r.minimum_load = Minor::of(Minor::kMax); }},
      {"maximum_counted_per_load", [](auto& r) { r.maximum_counted_per_load = Minor{}; }},
      {"maximum_counted_per_load",
       [](auto& r) { r.minimum_load = Minor::of(2), r.maximum_counted_per_load = Minor::of(1); }},
      {"budget_points", [](auto& r) { r.budget_points = r.points - 1; }},
      {"exclusion_group", [](auto& r) { r.exclusion_group = "NO GROUP"; }},
  };
  for (const auto& [field, change] : changes) {
    CampaignRules rules = make_rules();
    change(rules);
    const auto faults = find_faults(rules);
    ASSERT_EQ(faults.size(), 1u) << field;
    EXPECT_EQ(faults.front().field, field);
  }
}

}  // namespace
}  // namespace thaw
