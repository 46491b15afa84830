#include "application/engine/row_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace thaw {
namespace {

TEST(RowCache, keeps_what_was_used_of_late_within_its_bound) {
  constexpr std::size_t kMost = 4ULL << 20;
  RowCache cache(kMost);
  const std::string value(1000, 'v');
  for (std::uint64_t i = 1; i <= 20'000; ++i) {
    cache.put("m/" + std::to_string(i), value, i);
    ASSERT_TRUE(cache.find("m/1")) << i;  // used all the time
    ASSERT_LT(cache.bytes(), kMost + (1ULL << 20));
  }
  EXPECT_EQ(cache.find("m/1")->sequence, 1u);
  EXPECT_TRUE(cache.find("m/20000"));
  EXPECT_FALSE(cache.find("m/2"));
}

TEST(RowCache, the_newest_of_a_row_is_found_whichever_table_had_it) {
  RowCache cache(2ULL << 20);
  cache.put("m/1", "old", 1);
  for (std::uint64_t i = 2; !cache.find("m/2") || i < 900; ++i) {
    cache.put("m/" + std::to_string(i), std::string(1000, 'v'), i);
  }
  cache.put("m/1", "new", 5000);
  for (std::uint64_t i = 0; i < 300; ++i) cache.put("n" + std::to_string(i), "x", 6000);
  ASSERT_TRUE(cache.find("m/1"));
  EXPECT_EQ(cache.find("m/1")->bytes(), "new");
}

TEST(RowCache, of_no_size_keeps_nothing) {
  RowCache cache(0);
  cache.put("m/1", "x", 1);
  EXPECT_FALSE(cache.find("m/1"));
}

}  // namespace
}  // namespace thaw
