#include "app/api/problem.h"

#include <gtest/gtest.h>

#include "adapters/json/json.h"

namespace thaw::api {
namespace {

std::string detail_of(const Reply& reply) {
  const auto problem = Json::parse(make_problem(reply, "r-1").body);
  return problem ? problem->find("detail")->as_text().value_or("") : "";
}

TEST(Problem, of_a_refusal_says_what_to_do) {
  for (int number = 0; number <= static_cast<int>(ReplyCode::draft_changed); ++number) {
    const auto code = static_cast<ReplyCode>(number);
    EXPECT_EQ(detail_of({.code = code}).empty(), is_success(code)) << to_string(code);
  }
  EXPECT_EQ(detail_of({.code = ReplyCode::invalid, .detail = "its own"}), "its own");
}

}  // namespace
}  // namespace thaw::api
