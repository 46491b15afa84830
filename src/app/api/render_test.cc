#include "app/api/render.h"

#include <gtest/gtest.h>

namespace thaw::api {
namespace {

TEST(RenderProgress, what_is_said_of_points_is_true) {
  const CampaignRules rules;
  Enrolment enrolment;
  enrolment.id = WindowId("cold.M1.1");
  enrolment.state = EnrolmentState::decided;
  enrolment.outcome = Outcome::qualified;
  const auto text_with = [&](std::optional<RewardState> state) {
    std::optional<Reward> reward;
    if (state) reward.emplace().state = *state;
    const Json json = render_progress(enrolment, rules, reward, Instant{}, 1);
    return json.find("notice")->find("text")->as_text().value_or("");
  };
  const auto is_on_its_way = [&](std::optional<RewardState> state) {
    return text_with(state).find("on their way") != std::string::npos;
  };
  EXPECT_TRUE(is_on_its_way(std::nullopt));
  for (const RewardState state :
       {RewardState::pending, RewardState::retrying, RewardState::unknown}) {
    EXPECT_TRUE(is_on_its_way(state)) << to_string(state);
  }
  for (const RewardState state :
       {RewardState::issued, RewardState::failed, RewardState::cancelled, RewardState::reversing,
        RewardState::reversed, RewardState::reversal_unknown, RewardState::reversal_failed}) {
    EXPECT_FALSE(is_on_its_way(state)) << to_string(state);
    EXPECT_NE(text_with(state), "");
  }
}

}  // namespace
}  // namespace thaw::api
