#include "application/engine/row_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"

namespace thaw {
namespace {

/// Keys of every kind of look-up, few enough that they come again.
std::string random_key(Random& random) {
  const std::string member = "m" + std::to_string(random.below(20));
  const std::string part = std::to_string(random.below(15));
  switch (random.below(5)) {
    case 0: return "m/" + member;
    case 1: return "l/" + member + '\x1f' + part;
    case 2:
      return "i/cardco\x1f"
             "0\x1f" +
             part;
    case 3: return "fl/" + member + '\x1f' + part;
    default: return "t/" + part + '\x1f' + member;
  }
}

using Model = std::map<std::string, std::pair<std::optional<std::string>, std::uint64_t>>;

void expect_same(const RowTable& table, const Model& model, const std::string& prefix) {
  auto wanted = model.lower_bound(prefix);
  for (const TableRow* row : table.scan(prefix)) {
    ASSERT_NE(wanted, model.end());
    EXPECT_EQ(row->key, wanted->first);
    EXPECT_EQ(row->is_removed(), !wanted->second.first);
    if (wanted->second.first) {
      EXPECT_EQ(row->bytes(), *wanted->second.first);
    }
    EXPECT_EQ(row->sequence, wanted->second.second);
    ++wanted;
  }
  EXPECT_TRUE(wanted == model.end() || !wanted->first.starts_with(prefix)) << prefix;
}

TEST(RowTable, holds_the_newest_of_each_key_like_an_ordered_map) {
  Random random(3);
  RowTable table;
  for (int use = 0; use < 3; ++use) {  // a table is used again after `clear`
    Model model;
    table.clear();
    for (std::uint64_t sequence = 1; sequence < 6000; ++sequence) {
      const std::string key = random_key(random);
      std::optional<std::string> value;
      if (!random.chance(1, 4)) value = std::string(random.below(60), 'v');
      table.put(key, value, sequence);
      model[key] = {value, sequence};
    }
    ASSERT_EQ(table.size(), model.size());
    for (const char* prefix : {"", "l", "l/", "l/m1", "l/m1\x1f",
                               "l/m1\x1f"
                               "1",
                               "m/", "t/", "t/1", "i/cardco\x1f", "fl/m2\x1f", "x/"}) {
      expect_same(table, model, prefix);
    }
    for (int i = 0; i < 500; ++i) {
      const std::string key = random_key(random);
      EXPECT_EQ(table.find(key) != nullptr, model.contains(key));
    }
  }
}

TEST(RowTable, a_removed_row_comes_back_and_a_row_may_outgrow_a_chunk) {
  RowTable table;
  table.put("m/1", std::string(1'000'000, 'x'), 1);
  table.put("m/1", std::nullopt, 2);
  EXPECT_TRUE(table.find("m/1")->is_removed());
  table.put("m/1", "y", 3);
  EXPECT_EQ(table.find("m/1")->bytes(), "y");
  EXPECT_EQ(table.find("m/1")->sequence, 3u);
  table.clear();
  EXPECT_EQ(table.bytes(), 0u);
  EXPECT_EQ(table.find("m/1"), nullptr);
}

}  // namespace
}  // namespace thaw
