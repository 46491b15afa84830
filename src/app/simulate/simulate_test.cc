#include "app/simulate/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "adapters/json/json.h"

namespace thaw {
namespace {

struct Printed {
  int code = 0;
  std::string out;
};

SimulateOptions make_options() {
  SimulateOptions options;
  options.ledger = "memory";
  return options;
}

Printed simulate(const SimulateOptions& options, const RunCampaign& run = simulate_campaign) {
  std::ostringstream out;
  std::ostringstream progress;
  const int code = run_simulate(options, out, progress, run);
  return {code, out.str()};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A bug that shows as soon as M5 enrols, and another one wherever he does not.
SimReport break_promises(std::uint64_t seed, const SimOptions& options) {
  const World world = draw_world(seed, options.world);
  SimReport report;
  report.seed = seed;
  const bool does_enrol = std::ranges::any_of(world.messages, [&](const Message& message) {
    const auto* call = std::get_if<EnrolCall>(&message.body);
    return call && world.history.enrolments[call->enrolment].member == "M5";
  });
  report.violations.emplace_back(does_enrol ? "cold.M5.17: points were issued twice" : "lost");
  return report;
}

TEST(Simulate, what_came_of_the_windows_adds_up_in_both_forms) {
  SimulateOptions options = make_options();
  options.seeds = 20;
  const Printed text = simulate(options);
  EXPECT_EQ(text.code, 0);
  options.is_json = true;
  const auto json = Json::parse(simulate(options).out);
  ASSERT_TRUE(json);
  std::int64_t sum = 0;
  for (const std::string& name : json->find("ends")->names()) {
    sum += *json->find("ends")->find(name)->as_integer();
  }
  const std::int64_t windows = *json->find("windows")->as_integer();
  EXPECT_EQ(sum, windows);
  EXPECT_TRUE(contains(text.out, "20 seeds, " + std::to_string(windows) + " member-windows"));
  const std::int64_t paid = *json->find("ends")->find("paid_once")->as_integer();
  EXPECT_TRUE(contains(text.out, std::to_string(paid) + " qualified and paid once, ")) << text.out;
  EXPECT_GT(*json->find("mail_faults")->as_integer(), 0);
  EXPECT_GT(*json->find("partner_faults")->as_integer(), 0);
}

TEST(Simulate, two_replays_print_the_same_and_only_a_campaign_says_how_fast_it_was) {
  SimulateOptions options = make_options();
  options.seed = 7;
  const std::string once = simulate(options).out;
  EXPECT_EQ(once, simulate(options).out);
  EXPECT_TRUE(contains(once, " VERDICT "));
  EXPECT_FALSE(contains(once, "processor time"));
  options.seeds = 1;
  EXPECT_TRUE(contains(simulate(options).out, "processor time"));
}

TEST(Simulate, json_is_all_there_is_on_standard_output) {
  SimulateOptions options = make_options();
  options.seed = 7;
  options.is_json = options.is_traced = true;
  const auto json = Json::parse(simulate(options).out);
  ASSERT_TRUE(json) << json.error().detail;
  EXPECT_TRUE(json->find("violations")->items().empty());
}

TEST(Simulate, a_long_run_that_reached_too_little_fails_in_both_forms) {
  SimulateOptions options = make_options();
  options.seeds = 200;
  const auto reach_nothing = [](std::uint64_t, const SimOptions&) { return SimReport(); };
  const Printed text = simulate(options, reach_nothing);
  EXPECT_EQ(text.code, 3);
  EXPECT_TRUE(contains(text.out, "never reached: ")) << text.out;
  options.is_json = true;
  const Printed json = simulate(options, reach_nothing);
  EXPECT_EQ(json.code, 3);
  EXPECT_FALSE(Json::parse(json.out)->find("unreached")->items().empty());
}

TEST(Simulate, a_failure_names_what_broke_and_how_to_see_it_again) {
  SimulateOptions options = make_options();
  options.members = 8;
  options.commit = "abc";
  const Printed text = simulate(options, break_promises);
  EXPECT_EQ(text.code, 3);
  EXPECT_TRUE(contains(text.out, "seed 1: cold.M5.17: points were issued twice\n"));
  EXPECT_TRUE(contains(text.out,
                       "seed 1 at commit abc; to see it again: "
                       "./dev sim 1 --ledger memory --members 8\n"));
  options.is_json = true;
  const Printed failed = simulate(options, break_promises);
  EXPECT_EQ(failed.code, 3);
  const auto json = Json::parse(failed.out);
  ASSERT_TRUE(json);
  EXPECT_EQ(*json->find("seed")->as_text(), "1");
  EXPECT_EQ(*json->find("commit")->as_text(), "abc");
  EXPECT_EQ(*json->find("violations")->items()[0].as_text(),
            "cold.M5.17: points were issued twice");
  EXPECT_EQ(*json->find("replay")->as_text(), "./dev sim 1 --ledger memory --members 8");
}

TEST(Simulate, the_smallest_world_is_told_in_words_and_can_be_seen_again) {
  SimulateOptions options = make_options();
  options.seed = 7;
  options.minimises = true;
  const Printed text = simulate(options, break_promises);
  EXPECT_TRUE(contains(text.out, "the smallest found: 1 of 12 members, 1 messages\n")) << text.out;
  const std::string replay =
      "./dev sim 7 --ledger memory --without-members 0,1,2,3,4,6,7,8,9,10,11 --only 6000";
  EXPECT_TRUE(contains(text.out, "to see it again: " + replay + "\n")) << text.out;
  options.is_json = true;
  const auto json = Json::parse(simulate(options, break_promises).out);
  ASSERT_TRUE(json);
  const Json smallest = *json->find("smallest");
  ASSERT_EQ(smallest.find("messages")->items().size(), 1U);
  EXPECT_TRUE(contains(*smallest.find("messages")->items()[0].as_text(), " enrol M5 in cold"));
  EXPECT_EQ(*smallest.find("replay")->as_text(), replay);

  options = make_options();
  options.seed = 7;
  options.without_members = {0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11};
  options.only = {6000};
  EXPECT_EQ(find_fault(options), std::nullopt);
  EXPECT_TRUE(contains(simulate(options).out, " enrol M5 in cold"));
}

TEST(Simulate, of_a_seed_that_passes_there_is_nothing_to_make_smaller) {
  SimulateOptions options = make_options();
  options.seed = 7;
  options.minimises = true;
  EXPECT_TRUE(contains(simulate(options).out, "there is nothing to make smaller"));
}

TEST(Simulate, what_cannot_be_is_refused_with_what_to_do) {
  const auto fault_of = [](const auto& change) {
    SimulateOptions options;
    change(options);
    return find_fault(options).value_or("");
  };
  EXPECT_EQ(fault_of([](SimulateOptions&) {}), "");
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.members = 0; }), "--members 0: "));
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.members = 501; }), "--members 501: "));
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.seeds = 0; }), "--seeds 0: "));
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.ticks = -5; }), "--ticks -5: "));
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.hours = -1; }), "--hours -1: "));
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.seeds = o.ticks = 9; }), "give one of them"));
  EXPECT_TRUE(contains(fault_of([](auto& o) { o.only = {1}; }), "give its SEED"));
  EXPECT_TRUE(contains(fault_of([](auto& o) {
                         o.seed = 7;
                         o.only = {1};
                       }),
                       "no such message"));
  EXPECT_TRUE(contains(fault_of([](auto& o) {
                         o.seed = 7;
                         o.without_members = {12};
                       }),
                       "members are 0 to 11"));
}

}  // namespace
}  // namespace thaw
