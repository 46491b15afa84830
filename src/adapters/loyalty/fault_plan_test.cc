#include "adapters/loyalty/fault_plan.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

std::string draw_many(FaultPlan plan, int count, SandboxCall call = SandboxCall::issue) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::string(to_string(plan.draw(call).kind)) + " ";
  return text;
}

FaultPlan parse(std::string_view json) {
  auto plan = FaultPlan::parse(json);
  EXPECT_TRUE(plan) << plan.error().detail;
  return *plan;
}

TEST(FaultPlan, none_by_default) {
  EXPECT_EQ(draw_many(FaultPlan(), 3), "none none none ");
  EXPECT_EQ(draw_many(parse("{}"), 3), "none none none ");
  EXPECT_EQ(parse("{}").delay_ms(SandboxCall::issue), 0);
}

TEST(FaultPlan, the_next_calls_in_order_and_by_call) {
  const auto plan = parse(R"({"next":[{"fault":"timeout_after","calls":2},{"fault":"none"},
                              {"fault":"error","status":429,"retry_after":7,"on":"find"}]})");
  EXPECT_EQ(draw_many(plan, 5), "timeout_after timeout_after none none none ");
  FaultPlan finding = plan;
  for (int i = 0; i < 3; ++i) finding.draw(SandboxCall::issue);
  const Fault fault = finding.draw(SandboxCall::find);
  EXPECT_EQ(fault.kind, FaultKind::error);
  EXPECT_EQ(fault.status, 429);
  EXPECT_EQ(fault.retry_after_s, 7);
  EXPECT_EQ(finding.draw(SandboxCall::find).kind, FaultKind::none);
}

TEST(FaultPlan, percentages_follow_the_seed) {
  const char* json = R"({"seed":7,"status":500,"percent":{"error":30,"drop_after":20}})";
  EXPECT_EQ(draw_many(parse(json), 200), draw_many(parse(json), 200));
  const char* other = R"({"seed":8,"percent":{"error":30,"drop_after":20}})";
  EXPECT_NE(draw_many(parse(json), 200), draw_many(parse(other), 200));
  FaultPlan plan = parse(json);
  int errors = 0, drops = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Fault fault = plan.draw(SandboxCall::issue);
    errors += fault.kind == FaultKind::error ? 1 : 0;
    drops += fault.kind == FaultKind::drop_after ? 1 : 0;
    if (fault.kind == FaultKind::error) {
      EXPECT_EQ(fault.status, 500);
    }
  }
  EXPECT_NEAR(errors, 3000, 200);
  EXPECT_NEAR(drops, 2000, 200);
  EXPECT_NE(plan.to_json().find("\"drop_after\":" + std::to_string(drops)), std::string::npos);
}

TEST(FaultPlan, on_limits_all_to_some_calls) {
  FaultPlan plan = parse(R"({"on":["find"],"delay_ms":5,"percent":{"error":100}})");
  EXPECT_EQ(plan.draw(SandboxCall::issue).kind, FaultKind::none);
  EXPECT_EQ(plan.draw(SandboxCall::find).kind, FaultKind::error);
  EXPECT_EQ(plan.delay_ms(SandboxCall::issue), 0);
  EXPECT_EQ(plan.delay_ms(SandboxCall::find), 5);
}

TEST(FaultPlan, what_is_not_understood_is_refused_by_name) {
  for (const auto& [json, field] : {std::pair{R"({"sed":1})", "sed"},
                                    {R"({"seed":-1})", "seed"},
                                    {R"({"percent":{"error":60,"drop_before":41}})", "percent"},
                                    {R"({"percent":{"eror":1}})", "percent"},
                                    {R"({"percent":{"error":1.5}})", "percent"},
                                    {R"({"on":["fnd"]})", "on"},
                                    {R"({"next":[{"fault":"bang"}]})", "next"},
                                    {R"({"next":[{"fault":"error","calls":0}]})", "next"},
                                    {R"({"next":{}})", "next"},
                                    {R"({"status":200})", "status"},
                                    {R"({"timeout_ms":0})", "timeout_ms"}}) {
    const auto plan = FaultPlan::parse(json);
    ASSERT_FALSE(plan) << json;
    EXPECT_NE(plan.error().detail.find(std::string("'") + field + "'"), std::string::npos) << json;
  }
  for (const char* json : {"", "[]", "nonsense"}) EXPECT_FALSE(FaultPlan::parse(json)) << json;
}

}  // namespace
}  // namespace thaw
