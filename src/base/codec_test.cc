#include "base/codec.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace thaw {
namespace {

struct Old {
  std::int64_t number = 7;
  std::string text;
};
template <typename Archive>
void describe(Archive& ar, Old& o) {
  ar(o.number, o.text);
}

struct New {
  std::int64_t number = 7;
  std::string text;
  std::optional<std::string> note;
  std::vector<Old> items;
  bool flag = true;
  Minor amount;
};
template <typename Archive>
void describe(Archive& ar, New& n) {
  ar(n.number, n.text, n.note, n.items, n.flag, n.amount);
}

TEST(Codec, reads_back_what_it_wrote) {
  const New written{-5, "abc", "note", {{INT64_MIN, "x"}, {INT64_MAX, ""}}, false, Minor::of(-12)};
  const auto read = decode<New>(encode(written));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, -5);
  EXPECT_EQ(read->note, "note");
  ASSERT_EQ(read->items.size(), 2u);
  EXPECT_EQ(read->items[0].number, INT64_MIN);
  EXPECT_EQ(read->items[1].number, INT64_MAX);
  EXPECT_FALSE(read->flag);
  EXPECT_EQ(read->amount, Minor::of(-12));
}

TEST(Codec, newer_reader_finds_added_fields_at_their_defaults) {
  const auto read = decode<New>(encode(Old{1, "t"}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, "t");
  EXPECT_TRUE(read->flag);
  EXPECT_TRUE(read->items.empty());
}

TEST(Codec, older_reader_skips_added_fields) {
  const auto read = decode<Old>(encode(New{3, "t", "n", {}, true, {}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 3);
}

TEST(Codec, rubbish_is_refused_or_read_but_never_trusted) {
  Random random(1);
  const std::string good = encode(New{-5, "abc", "note", {{1, "x"}}, false, Minor::of(9)});
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good.substr(0, random.below(good.size() + 1));
    if (!bytes.empty()) bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    (void)decode<New>(bytes);
  }
  EXPECT_FALSE(decode<New>(std::string(20, '\xff')));
}

}  // namespace
}  // namespace thaw
