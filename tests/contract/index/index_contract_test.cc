#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "adapters/memory/memory_index.h"
#include "adapters/rocksdb/rocksdb_index.h"

namespace thaw {
namespace {

/// An index that can be crashed: closed without a flush, and opened again.
class IndexUnderTest {
 public:
  virtual ~IndexUnderTest() = default;
  virtual Index& index() = 0;
  virtual void crash() = 0;
};

class MemoryUnderTest final : public IndexUnderTest {
 public:
  Index& index() override { return index_; }
  void crash() override { index_.lose_unflushed(); }

 private:
  MemoryIndex index_;
};

class RocksDbUnderTest final : public IndexUnderTest {
 public:
  RocksDbUnderTest() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-index-XXXXXX";
    path_ = mkdtemp(name.data());
    open();
  }
  ~RocksDbUnderTest() override {
    index_.reset();
    std::filesystem::remove_all(path_);
  }
  Index& index() override { return *index_; }
  void crash() override {
    index_.reset();
    open();
  }

 private:
  void open() {
    auto opened = RocksDbIndex::open(path_, {});
    ASSERT_TRUE(opened) << opened.error().detail;
    index_ = std::move(*opened);
  }
  std::string path_;
  std::unique_ptr<RocksDbIndex> index_;
};

using Make = std::function<std::unique_ptr<IndexUnderTest>()>;

class IndexContract : public testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  void SetUp() override { under_test_ = GetParam().second(); }
  Index& index() { return under_test_->index(); }
  void put(const std::string& key, const std::string& value, std::uint64_t position) {
    const IndexWrite write{key, std::string_view(value)};
    ASSERT_TRUE(index().apply(std::span(&write, 1), position));
  }
  std::unique_ptr<IndexUnderTest> under_test_;
};

TEST_P(IndexContract, finds_what_was_applied_and_not_what_was_removed) {
  put("a/1", "one", 1);
  EXPECT_EQ(*index().find("a/1"), "one");
  EXPECT_EQ(*index().find("a/2"), std::nullopt);
  const IndexWrite both[] = {{"a/1", std::nullopt}, {"a/2", "two"}};
  ASSERT_TRUE(index().apply(both, 2));
  EXPECT_EQ(*index().find("a/1"), std::nullopt);
  EXPECT_EQ(*index().find("a/2"), "two");
  EXPECT_EQ(index().position(), 2u);
}

TEST_P(IndexContract, later_writes_of_one_batch_stand) {
  const IndexWrite writes[] = {{"a/1", "old"}, {"a/1", std::nullopt}, {"a/1", "new"}};
  ASSERT_TRUE(index().apply(writes, 1));
  EXPECT_EQ(*index().find("a/1"), "new");
}

TEST_P(IndexContract, scans_a_prefix_in_byte_order_from_a_key_up_to_a_limit) {
  for (const char* key : {"b/2", "b/1", "b/3", "a/9", "c/1", "b"}) put(key, key, 1);
  const auto keys = [&](const std::string& prefix, const std::string& from, std::size_t limit) {
    std::string found;
    const auto rows = index().scan(prefix, from, limit);
    for (const auto& [key, value] : *rows) found += key + " ";
    return found;
  };
  EXPECT_EQ(keys("b/", "", 10), "b/1 b/2 b/3 ");
  EXPECT_EQ(keys("b/", "b/2", 10), "b/2 b/3 ");
  EXPECT_EQ(keys("b/", "", 2), "b/1 b/2 ");
  EXPECT_EQ(keys("z/", "", 2), "");
}

TEST_P(IndexContract, a_crash_loses_rows_and_position_together_back_to_the_flush) {
  put("a/1", "one", 7);
  ASSERT_TRUE(index().flush());
  EXPECT_EQ(index().durable_position(), 7u);
  put("a/1", "changed", 8);
  put("a/2", "two", 9);
  under_test_->crash();
  const std::uint64_t position = index().position();
  EXPECT_GE(position, 7u);
  EXPECT_EQ(index().find("a/1")->value(), position >= 8 ? "changed" : "one");
  EXPECT_EQ(index().find("a/2")->has_value(), position >= 9);
}

TEST_P(IndexContract, many_rows_at_once_stand_over_earlier_ones_and_under_later_ones) {
  constexpr int kRows = 20'000;
  std::vector<std::string> keys;
  for (int i = 0; i < kRows; ++i) keys.push_back("a/" + std::to_string(100'000 + i));
  const auto apply_all = [&](const std::string& value, int removed_each, std::uint64_t position) {
    std::vector<IndexWrite> writes;
    for (int i = 0; i < kRows; ++i) {
      const bool is_removed = removed_each > 0 && i % removed_each == 0;
      writes.push_back({keys[static_cast<std::size_t>(i)],
                        is_removed ? std::nullopt : std::optional<std::string_view>(value)});
    }
    ASSERT_TRUE(index().apply(writes, position));
    EXPECT_EQ(index().position(), position);
  };
  put("a/100001", "first", 1);
  apply_all("second", 0, 2);
  EXPECT_EQ(*index().find("a/100001"), "second");
  put("a/100001", "third", 3);
  EXPECT_EQ(*index().find("a/100001"), "third");
  apply_all("fourth", 10, 4);
  EXPECT_EQ(*index().find("a/100000"), std::nullopt);
  EXPECT_EQ(*index().find("a/100001"), "fourth");
  EXPECT_EQ(index().scan("a/1", {}, SIZE_MAX)->size(), static_cast<std::size_t>(kRows / 10 * 9));
  put("a/100000", "fifth", 5);
  under_test_->crash();
  const std::uint64_t position = index().position();
  EXPECT_GE(position, index().durable_position());
  if (position < 4) return;
  EXPECT_EQ(*index().find("a/100001"), "fourth");
  EXPECT_EQ(index().find("a/100000")->has_value(), position >= 5);
}

INSTANTIATE_TEST_SUITE_P(Adapters, IndexContract,
                         testing::Values(
                             std::pair<const char*, Make>{
                                 "memory", [] { return std::make_unique<MemoryUnderTest>(); }},
                             std::pair<const char*, Make>{
                                 "rocksdb", [] { return std::make_unique<RocksDbUnderTest>(); }}),
                         [](const auto& param) { return std::string(param.param.first); });

}  // namespace
}  // namespace thaw
