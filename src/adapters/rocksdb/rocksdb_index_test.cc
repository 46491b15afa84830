#include "adapters/rocksdb/rocksdb_index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

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

}  // namespace
}  // namespace thaw
