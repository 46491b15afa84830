#include "application/engine/key_filter.h"

#include <gtest/gtest.h>

#include <string>

namespace thaw {
namespace {

std::string key_of(int number) {
  return "i/cardco\x1f"
         "0\x1f" +
         std::to_string(number);
}

int count_let_through(const KeyFilter& filter, int from, int until) {
  int count = 0;
  for (int i = from; i < until; ++i) count += filter.may_have(key_of(i)) ? 1 : 0;
  return count;
}

TEST(KeyFilter, lets_through_what_was_added_and_little_else) {
  KeyFilter filter(64ULL << 20);
  EXPECT_FALSE(filter.may_have(key_of(1)));
  for (int i = 0; i < 300'000; ++i) filter.add(key_of(i));
  EXPECT_EQ(count_let_through(filter, 0, 300'000), 300'000);
  EXPECT_LT(count_let_through(filter, 300'000, 400'000), 2'000);  // of 100,000
  EXPECT_LT(filter.bytes(), 1'000'000u);
}

TEST(KeyFilter, at_its_limit_it_says_maybe_more_often_and_never_loses_a_key) {
  KeyFilter filter(100'000);
  for (int i = 0; i < 300'000; ++i) filter.add(key_of(i));
  EXPECT_LE(filter.bytes(), 100'000u);
  EXPECT_EQ(count_let_through(filter, 0, 300'000), 300'000);
}

TEST(KeyFilter, with_no_room_it_says_maybe_of_every_key) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1000}}) {
    KeyFilter filter(bytes);
    filter.add(key_of(1));
    EXPECT_TRUE(filter.may_have(key_of(1)));
    EXPECT_TRUE(filter.may_have(key_of(2)));
  }
}

TEST(KeyFilter, takes_the_keys_of_another_in) {
  KeyFilter old(64ULL << 20);
  KeyFilter filter(64ULL << 20);
  for (int i = 0; i < 100'000; ++i) old.add(key_of(i));
  for (int i = 100'000; i < 200'000; ++i) filter.add(key_of(i));
  filter.absorb(std::move(old));
  for (int i = 200'000; i < 250'000; ++i) filter.add(key_of(i));
  EXPECT_EQ(count_let_through(filter, 0, 250'000), 250'000);
}

}  // namespace
}  // namespace thaw
