#include "application/engine/group_view.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_index.h"

namespace thaw {
namespace {

class GroupViewTest : public testing::Test {
 protected:
  void index_has(const std::string& key, const std::string& value, std::uint64_t sequence) {
    const std::string stored = stored_bytes(sequence, value);
    const IndexWrite write{key, stored};
    ASSERT_TRUE(index_.apply(std::span(&write, 1), sequence));
  }
  void overlay_has(const std::string& key, std::optional<std::string_view> value,
                   std::uint64_t sequence) {
    RowTable row;
    row.put(key, value, sequence);
    overlay_.put(row.row(0));
  }
  std::string scan(GroupView& view, const std::string& prefix, std::size_t limit) {
    std::string found;
    for (const auto& [key, row] : view.scan(prefix, limit)) found += key + "=" + row.bytes + " ";
    return found;
  }
  MemoryIndex index_;
  Overlay overlay_;
};

TEST_F(GroupViewTest, sees_the_group_first_then_the_overlay_then_the_index) {
  index_has("a/1", "index", 1);
  GroupView view(overlay_, index_);
  EXPECT_EQ(view.find("a/1")->bytes, "index");
  EXPECT_EQ(view.find("a/1")->written_at, 1u);
  overlay_has("a/1", "overlay", 2);
  EXPECT_EQ(view.find("a/1")->bytes, "overlay");
  view.stage({{"a/1", "staged", {}}}, 3);
  EXPECT_EQ(view.find("a/1")->bytes, "staged");
  EXPECT_EQ(view.find("a/1")->written_at, 3u);
  view.stage({{"a/1", std::nullopt, {}}}, 4);
  EXPECT_EQ(view.find("a/1"), std::nullopt);
}

TEST_F(GroupViewTest, groups_on_their_way_are_seen_newest_first_until_each_is_dropped) {
  GroupView view(overlay_, index_);
  view.stage({{"a/1", "first", {}}, {"a/2", "first", {}}}, 1);
  view.send_group();
  view.stage({{"a/1", "second", {}}, {"a/3", "second", {}}}, 2);
  view.send_group();
  view.stage({{"a/3", std::nullopt, {}}}, 3);
  EXPECT_EQ(scan(view, "a/", 9), "a/1=second a/2=first ");
  EXPECT_EQ(view.find("a/1")->bytes, "second");
  EXPECT_EQ(view.find("a/2")->bytes, "first");
  EXPECT_EQ(view.oldest_sent().size(), 2u);
  view.drop_oldest_sent();  // the overlay would have it now
  EXPECT_EQ(scan(view, "a/", 9), "a/1=second ");
  view.drop_oldest_sent();
  EXPECT_EQ(scan(view, "a/", 9), "");
  EXPECT_EQ(view.find("a/3"), std::nullopt);
}

TEST_F(GroupViewTest, scans_all_layers_as_one_and_hides_removed_rows) {
  for (const char* n : {"1", "2", "3", "5"}) index_has(std::string("a/") + n, "i", 1);
  overlay_has("a/2", std::nullopt, 2);
  overlay_has("a/4", "o", 2);
  GroupView view(overlay_, index_);
  view.stage({{"a/3", "s", {}}, {"a/0", "s", {}}, {"b/1", "s", {}}}, 3);
  EXPECT_EQ(scan(view, "a/", 100), "a/0=s a/1=i a/3=s a/4=o a/5=i ");
  EXPECT_EQ(scan(view, "a/", 2), "a/0=s a/1=i ");
  EXPECT_EQ(scan(view, "a/", 3), "a/0=s a/1=i a/3=s ");
  EXPECT_EQ(scan(view, "c/", 3), "");
}

TEST_F(GroupViewTest, a_damaged_row_is_an_error_and_never_a_missing_row) {
  const std::string damaged(12, '\xff');
  const IndexWrite write{"a/1", damaged};
  ASSERT_TRUE(index_.apply(std::span(&write, 1), 1));
  GroupView view(overlay_, index_);
  EXPECT_EQ(view.find("a/1"), std::nullopt);
  ASSERT_TRUE(view.error());
  EXPECT_EQ(view.error()->code, ErrorCode::corrupt);
}

TEST_F(GroupViewTest, a_frozen_generation_is_read_until_it_is_dropped) {
  overlay_has("a/1", "old", 1);
  overlay_has("a/2", "old", 2);
  (void)overlay_.freeze();
  overlay_has("a/1", "newer", 3);
  overlay_has("a/2", std::nullopt, 4);
  overlay_has("a/3", "newer", 5);
  GroupView view(overlay_, index_);
  EXPECT_EQ(view.find("a/1")->bytes, "newer");
  EXPECT_EQ(view.find("a/2"), std::nullopt);
  EXPECT_EQ(scan(view, "a/", 100), "a/1=newer a/3=newer ");
  (void)overlay_.drop_frozen();
  EXPECT_EQ(scan(view, "a/", 100), "a/1=newer a/3=newer ");
}

TEST(OverlayTest, drops_only_what_was_frozen_and_counts_its_bytes) {
  Overlay overlay;
  const auto put = [&](std::string_view key, std::string_view value, std::uint64_t sequence) {
    RowTable row;
    row.put(key, value, sequence);
    overlay.put(row.row(0));
  };
  EXPECT_EQ(overlay.bytes(), 0u);
  put("a/1", "x", 1);
  EXPECT_EQ(overlay.freeze().size(), 1u);
  put("a/2", "y", 2);
  const std::size_t full = overlay.bytes();
  (void)overlay.drop_frozen();
  EXPECT_LT(overlay.bytes(), full);
  EXPECT_FALSE(overlay.find("a/1"));
  EXPECT_TRUE(overlay.find("a/2"));
  (void)overlay.freeze();
  (void)overlay.drop_frozen();
  EXPECT_EQ(overlay.bytes(), 0u);
  EXPECT_TRUE(overlay.is_empty());
}

}  // namespace
}  // namespace thaw
