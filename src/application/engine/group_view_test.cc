#include "application/engine/group_view.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_index.h"

namespace thaw {
namespace {

class GroupViewTest : public testing::Test {
 protected:
  void index_has(const std::string& key, const std::string& value, std::uint64_t sequence) {
    const IndexWrite write{key, stored_bytes(sequence, value)};
    ASSERT_TRUE(index_.apply(std::span(&write, 1), sequence));
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
  overlay_.put("a/1", "overlay", 2);
  EXPECT_EQ(view.find("a/1")->bytes, "overlay");
  view.stage({{"a/1", "staged", {}}}, 3);
  EXPECT_EQ(view.find("a/1")->bytes, "staged");
  EXPECT_EQ(view.find("a/1")->written_at, 3u);
  view.stage({{"a/1", std::nullopt, {}}}, 4);
  EXPECT_EQ(view.find("a/1"), std::nullopt);
}

TEST_F(GroupViewTest, scans_all_layers_as_one_and_hides_removed_rows) {
  for (const char* n : {"1", "2", "3", "5"}) index_has(std::string("a/") + n, "i", 1);
  overlay_.put("a/2", std::nullopt, 2);
  overlay_.put("a/4", "o", 2);
  GroupView view(overlay_, index_);
  view.stage({{"a/3", "s", {}}, {"a/0", "s", {}}, {"b/1", "s", {}}}, 3);
  EXPECT_EQ(scan(view, "a/", 100), "a/0=s a/1=i a/3=s a/4=o a/5=i ");
  EXPECT_EQ(scan(view, "a/", 2), "a/0=s a/1=i ");
  EXPECT_EQ(scan(view, "a/", 3), "a/0=s a/1=i a/3=s ");
  EXPECT_EQ(scan(view, "c/", 3), "");
}

TEST_F(GroupViewTest, a_damaged_row_is_an_error_and_never_a_missing_row) {
  const IndexWrite write{"a/1", std::string(12, '\xff')};
  ASSERT_TRUE(index_.apply(std::span(&write, 1), 1));
  GroupView view(overlay_, index_);
  EXPECT_EQ(view.find("a/1"), std::nullopt);
  ASSERT_TRUE(view.error());
  EXPECT_EQ(view.error()->code, ErrorCode::corrupt);
}

TEST(OverlayTest, drops_only_what_the_index_shows_and_counts_its_bytes) {
  Overlay overlay;
  overlay.put("a/1", "x", 1);
  overlay.put("a/2", "y", 2);
  overlay.put("a/1", "newer", 3);
  const std::size_t full = overlay.bytes();
  overlay.drop_through(2);
  EXPECT_EQ(overlay.rows().size(), 1u);
  EXPECT_TRUE(overlay.rows().contains("a/1"));
  EXPECT_LT(overlay.bytes(), full);
  overlay.drop_through(3);
  EXPECT_EQ(overlay.bytes(), 0u);
}

}  // namespace
}  // namespace thaw
