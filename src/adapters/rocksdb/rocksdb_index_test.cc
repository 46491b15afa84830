#include "adapters/rocksdb/rocksdb_index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/rocksdb/verify_index.h"

namespace thaw {
namespace {

class RocksDb : public testing::Test {
 protected:
  RocksDb() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-rocksdb-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~RocksDb() override { std::filesystem::remove_all(path_); }

  std::filesystem::path path_;
};

TEST_F(RocksDb, a_disk_that_fails_is_no_damaged_index) {
  std::ofstream(path_ / "index") << "in the place of a folder";
  const auto opened = RocksDbIndex::open(path_ / "index", {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::io) << opened.error().detail;
}

TEST_F(RocksDb, a_damaged_index_is_called_so_with_what_helps) {
  ASSERT_TRUE(RocksDbIndex::open(path_ / "index", {}));
  std::ofstream(path_ / "index/CURRENT") << "rubbish\n";
  const auto opened = RocksDbIndex::open(path_ / "index", {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt) << opened.error().detail;
  EXPECT_NE(opened.error().detail.find("rebuild-index"), std::string::npos);
}

std::filesystem::path find_table(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".sst") return entry.path();
  }
  return {};
}

void flip(const std::filesystem::path& path, std::streamoff offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(offset);
  const int byte = file.get();
  file.seekp(offset);
  file.put(static_cast<char>(byte ^ 1));
}

TEST_F(RocksDb, verify_reads_beside_the_writer_and_leaves_no_trace) {
  const std::string folder = path_ / "index";
  EXPECT_EQ(verify_rocksdb_index(folder).value(), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(folder));
  const auto index = RocksDbIndex::open(folder, {});
  ASSERT_TRUE(index);
  EXPECT_EQ(verify_rocksdb_index(folder).value(), 0u);
  const std::vector<IndexWrite> writes{{"a/1", "one"}, {"a/2", "two"}};
  ASSERT_TRUE((*index)->apply(writes, 7));
  ASSERT_TRUE((*index)->flush());
  const auto count = [&] { return std::distance(std::filesystem::directory_iterator(folder), {}); };
  const auto before = count();
  EXPECT_EQ(verify_rocksdb_index(folder).value(), 7u);
  EXPECT_EQ(count(), before);
}

TEST_F(RocksDb, verify_names_a_flipped_bit_in_a_table_that_opening_does_not_read) {
  const std::string folder = path_ / "index";
  {
    const auto index = RocksDbIndex::open(folder, {});
    const std::vector<IndexWrite> writes{{"a/1", "one"}, {"a/2", "two"}};
    ASSERT_TRUE((*index)->apply(writes, 7));
    ASSERT_TRUE((*index)->flush());
  }
  flip(find_table(folder), 10);
  const auto verified = verify_rocksdb_index(folder);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::corrupt) << verified.error().detail;
  EXPECT_NE(verified.error().detail.find("rebuild-index"), std::string::npos);
}

}  // namespace
}  // namespace thaw
