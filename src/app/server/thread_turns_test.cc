#include "app/server/thread_turns.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace thaw {
namespace {

int nice_of_this_thread() {
  return ::getpriority(PRIO_PROCESS, 0);
}

TEST(ThreadTurns, only_the_thread_that_gives_way_does_and_once) {
  const int before = nice_of_this_thread();
  int after = 0;
  std::thread([&] {
    give_way();
    give_way();
    after = nice_of_this_thread();
  }).join();
  EXPECT_EQ(after, std::min(before + 5, 19));
  EXPECT_EQ(nice_of_this_thread(), before);
}

TEST(ThreadTurns, short_turns_leave_a_thread_its_share) {
  const int before = nice_of_this_thread();
  int after = 0;
  std::thread([&] {
    take_short_turns();
    after = nice_of_this_thread();
  }).join();
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace thaw
