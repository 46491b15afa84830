#include "application/engine/key_order.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/random.h"

namespace thaw {
namespace {

TEST(KeyOrder, is_byte_order_whatever_keys_have_in_common) {
  Random random(5);
  const std::string beginnings[] = {"",
                                    "i/",
                                    "i/cardco\x1f",
                                    "l/member-00000000000",
                                    std::string("\0", 1),
                                    std::string(20, '\0'),
                                    "\xff"};
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> keys;  // in byte order
    for (std::size_t left = random.below(200); left > 0; --left) {
      std::string key = beginnings[random.below(std::size(beginnings))];
      for (std::size_t more = random.below(12); more > 0; --more) {
        key += "\0a\xff"[random.below(random.chance(1, 2) ? 2 : 3)];
      }
      keys.insert(key);
    }
    std::vector<IndexWrite> writes;
    for (const std::string& key : keys) writes.push_back({key, std::nullopt});
    for (std::size_t i = writes.size(); i > 1; --i) {
      std::swap(writes[i - 1], writes[random.below(i)]);
    }
    sort_by_key(writes);
    ASSERT_EQ(writes.size(), keys.size());
    auto expected = keys.begin();
    for (const IndexWrite& write : writes) ASSERT_EQ(write.key, *expected++);
  }
}

TEST(KeyOrder, keeps_each_value_with_its_key) {
  std::vector<IndexWrite> writes{{"b", "2"}, {"a", std::nullopt}, {"c", "3"}};
  sort_by_key(writes);
  EXPECT_EQ(writes[0].value, std::nullopt);
  EXPECT_EQ(writes[1].value, "2");
  EXPECT_EQ(writes[2].value, "3");
}

}  // namespace
}  // namespace thaw
