#include "sim/campaign/telling.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

constexpr const char* kNoon = "2026-03-10T12:00:00.000Z";

World make_world() {
  World world;
  CampaignRules rules;
  rules.id = CampaignId("cold");
  world.campaigns.push_back(rules);
  rules.version = 2;
  world.successors.push_back(rules);
  const Instant noon = *parse_rfc3339(kNoon);
  world.history.enrolments.push_back({"cold.M3.1", "M3", 0, noon});
  audit::Claim claim{"bpay_crn", "77000003", "M3"};
  claim.until = noon;
  world.history.claims.push_back(claim);
  audit::Line load{"cardco", "load", "p17"};
  load.rail = "debit_card";
  load.minor = 12'000;
  load.member = "M3";
  load.made_at.instant = noon;
  world.history.lines.push_back(load);
  audit::Line reversal{"bankco", "reversal", "made-up"};
  reversal.has_own_id = false;
  reversal.reference_type = "bpay_crn";
  reversal.reference = "77000003";
  reversal.settled_at.date = CivilDate{2026, 3, 11};
  reversal.reverses = "p17";
  world.history.lines.push_back(reversal);
  return world;
}

std::string tell_body(decltype(Message::body) body) {
  return tell(make_world(), Message{{}, 0, std::move(body)});
}

TEST(Telling, of_a_command_whom_it_is_about_and_since_when) {
  EXPECT_EQ(tell_body(EnrolCall{0, {0}}),
            "enrol M3 in cold as of 2026-03-10T12:00:00.000Z with bpay_crn 77000003");
  EXPECT_EQ(tell_body(ClaimCall{0}), "claim bpay_crn 77000003 for M3");
  EXPECT_EQ(tell_body(EndClaimCall{0}),
            "end M3's claim of bpay_crn 77000003 at 2026-03-10T12:00:00.000Z");
  EXPECT_EQ(tell_body(CancelCall{0}), "cancel cold.M3.1");
  EXPECT_EQ(tell_body(HoldCall{"M3", true}), "hold M3's rewards");
  EXPECT_EQ(tell_body(HoldCall{"M3", false}), "let go of M3's rewards");
  EXPECT_EQ(tell_body(PublishCall{0}), "publish cold, version 2");
}

TEST(Telling, of_a_webhook_and_a_file_each_line) {
  EXPECT_EQ(tell_body(WebhookCall{"cardco", {0}}),
            "webhook: load cardco/p17 for M3 AUD 120.00 by debit_card of 2026-03-10T12:00:00.000Z");
  EXPECT_EQ(tell_body(FileCall{"bankco", "bankco-12", {}, {1}}),
            "file bankco-12 with 1 records: reversal bankco/(no id) for bpay_crn 77000003 of all "
            "that is left settled 2026-03-11 naming p17");
  const std::string long_file = tell_body(FileCall{"cardco", "cardco-1", {}, std::vector(14, 0UL)});
  EXPECT_TRUE(long_file.starts_with("file cardco-1 with 14 records: load cardco/p17")) << long_file;
  EXPECT_TRUE(long_file.ends_with("; and 6 more")) << long_file;
}

TEST(Telling, of_a_record_verdicts_rewards_and_cases) {
  LogRecord record;
  const WindowId window("cold.M3.1");
  const MemberId member("M3");
  DecisionFacts decided;
  decided.revision = 2;
  decided.verdict = {Outcome::not_qualified, VerdictReason::below_threshold};
  decided.qualifying = Minor::of(17'505);
  decided.threshold = Minor::of(20'000);
  decided.cause = "a late record";
  record.events = {
      {EventType::eligibility_revised, member, window, decided},
      {EventType::reward_outcome_unknown, member, window,
       RewardFacts{2000, "key", 2, "timeout", {}}},
      {EventType::case_resolved, member, window, CaseFacts{"revision-1", "revision", "approved"}},
      {EventType::window_ended, member, window, EnrolmentFacts{}},
      {EventType::file_applied, {}, {}, FileEventFacts{FileId("f1"), ProviderId("netset"), 14}},
  };
  const std::vector<std::string> wanted{
      "VERDICT cold.M3.1, number 2: not_qualified (below_threshold), 175.05 of 200.00 because of a "
      "late record",
      "reward key: RewardOutcomeUnknown, attempt 2, timeout",
      "CaseResolved revision-1: approved",
      "cold.M3.1 WindowEnded",
      "FileApplied f1 of netset, 14 records",
  };
  EXPECT_EQ(tell(record), wanted);
}

TEST(Telling, of_a_line_where_it_stands) {
  LineRow row;
  row.line.provider = ProviderId("cardco");
  row.line.txn_id = "p17";
  LogRecord record;
  record.rows.push_back({"l/row", encode(row), {}});
  LineEventFacts facts;
  facts.line_key = "l/row";
  facts.outcome = Placed::counted;
  record.events.push_back({EventType::load_recorded, MemberId("M3"), {}, facts});
  EXPECT_EQ(tell(record),
            std::vector<std::string>{"M3: load cardco/p17 is counted (LoadRecorded)"});
}

}  // namespace
}  // namespace thaw
