#include "sim/campaign/minimise.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/campaign/telling.h"

namespace thaw {
namespace {

constexpr std::uint64_t kSeed = 7;

const std::string* find_enrolled(const World& world, const Message& message) {
  const auto* call = std::get_if<EnrolCall>(&message.body);
  return call ? &world.history.enrolments[call->enrolment].member : nullptr;
}

/// Fails one way while `member` enrols, and another way once anybody else does not.
std::string complain(const WorldOptions& options, const std::string& member) {
  const World world = draw_world(kSeed, options);
  const auto enrols = [&](const Message& message) {
    const std::string* enrolled = find_enrolled(world, message);
    return enrolled && *enrolled == member;
  };
  if (std::ranges::any_of(world.messages, enrols)) return "cold.M5.17: paid 2 times";
  return "cold.M5.17: it did not come to rest";
}

TEST(Minimise, complaints_are_of_one_kind_if_only_ids_and_numbers_differ) {
  EXPECT_EQ(kind_of("cold.M3.1773: paid 2 times"), kind_of("cold.M11.99: paid 13 times"));
  EXPECT_NE(kind_of("cold.M3.1773: paid 2 times"), kind_of("cold.M3.1773: lost 2 times"));
  EXPECT_NE(kind_of("M3: paid"), kind_of(""));
}

TEST(Minimise, what_has_no_part_in_it_is_left_out_and_no_other_failure_is_taken_for_it) {
  const WorldOptions whole;
  const WorldOptions small =
      minimise_world(kSeed, whole, "cold.M5.17: paid 2 times",
                     [](const WorldOptions& options) { return complain(options, "M5"); });
  const World world = draw_world(kSeed, small);
  ASSERT_EQ(world.messages.size(), 1U);
  EXPECT_EQ(*find_enrolled(world, world.messages[0]), "M5");
  EXPECT_EQ(small.without_members.size(), whole.members - 1);
  EXPECT_FALSE(small.without_members.contains(5));
}

TEST(Minimise, a_message_left_out_changes_no_other) {
  const World whole = draw_world(kSeed, {});
  WorldOptions options;
  for (std::size_t i = 0; i < whole.messages.size(); i += 3) {
    options.only_messages.insert(whole.messages[i].id);
  }
  const World part = draw_world(kSeed, options);
  ASSERT_EQ(part.messages.size(), options.only_messages.size());
  for (std::size_t i = 0; i < part.messages.size(); ++i) {
    EXPECT_EQ(part.messages[i].at, whole.messages[3 * i].at);
    EXPECT_EQ(tell(part, part.messages[i]), tell(whole, whole.messages[3 * i]));
  }
}

}  // namespace
}  // namespace thaw
