#include "sim/campaign/mail.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

constexpr std::size_t kMessages = 50;

World make_world() {
  World world;
  for (std::uint64_t i = 0; i < kMessages; ++i) {
    world.messages.push_back({Instant{static_cast<std::int64_t>(i)}, i, HoldCall{"M0"}});
  }
  return world;
}

/// Takes and answers all that comes until `until`; how often something came.
std::int64_t answer_all(Mail& mail, Instant until) {
  std::int64_t count = 0;
  while (const auto delivery = mail.take(until)) {
    mail.note_answer(*delivery, until);
    ++count;
  }
  return count;
}

TEST(Mail, whatever_the_network_does_to_a_message_is_counted_each_time) {
  const World world = make_world();
  constexpr auto kAll = static_cast<std::int64_t>(kMessages);
  const Instant now{1'000};

  Mail sound(world, 1);
  EXPECT_EQ(answer_all(sound, now), kAll);
  EXPECT_EQ(sound.faults(), 0);

  Mail losing(world, 1);
  losing.set_faults({100, 0, 0, 0});
  EXPECT_EQ(answer_all(losing, now), 0);
  EXPECT_EQ(losing.faults(), kAll);

  Mail unheard(world, 1);
  unheard.set_faults({0, 100, 0, 0});
  EXPECT_EQ(answer_all(unheard, now), kAll);
  EXPECT_EQ(unheard.faults(), kAll);

  Mail delaying(world, 1);
  delaying.set_faults({0, 0, 100, 0});
  EXPECT_EQ(answer_all(delaying, now), 0);
  EXPECT_EQ(delaying.faults(), kAll);

  Mail doubling(world, 1);
  doubling.set_faults({0, 0, 0, 100});
  EXPECT_EQ(answer_all(doubling, now), kAll);
  EXPECT_EQ(doubling.faults(), kAll);
}

}  // namespace
}  // namespace thaw
