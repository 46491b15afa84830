#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "adapters/blobs/folder_blobs.h"
#include "adapters/disk/posix_disk.h"
#include "sim/disk/sim_disk.h"

namespace thaw {
namespace {

// SHA-256 of "abc", of nothing, and of something that is never stored here.
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kOther = "0000000000000000000000000000000000000000000000000000000000000000";

class BlobsUnderTest {
 public:
  virtual ~BlobsUnderTest() = default;
  virtual Disk& disk() = 0;
};

/// The twin: the same store over a disk in memory.
class SimulatedUnderTest final : public BlobsUnderTest {
 public:
  Disk& disk() override { return disk_; }

 private:
  SimDisk disk_{1};
};

class PosixUnderTest final : public BlobsUnderTest {
 public:
  PosixUnderTest() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-blobs-XXXXXX";
    path_ = mkdtemp(name.data());
    auto opened = PosixDisk::open(path_);
    EXPECT_TRUE(opened);
    disk_ = std::move(*opened);
  }
  ~PosixUnderTest() override {
    disk_.reset();
    std::filesystem::remove_all(path_);
  }
  Disk& disk() override { return *disk_; }

 private:
  std::string path_;
  std::unique_ptr<PosixDisk> disk_;
};

using Make = std::function<std::unique_ptr<BlobsUnderTest>()>;

/// What every BlobStore must do.
class BlobsContract : public testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  void SetUp() override {
    under_test_ = GetParam().second();
    open();
  }
  void open() {
    auto opened = FolderBlobs::open(under_test_->disk(), "blobs");
    ASSERT_TRUE(opened);
    blobs_ = std::move(*opened);
  }
  BlobStore& blobs() { return *blobs_; }
  std::string store(std::string_view bytes) {
    auto writer = blobs().create();
    EXPECT_TRUE(writer && (*writer)->write(bytes));
    const auto name = (*writer)->finish();
    EXPECT_TRUE(name);
    return name.value_or("");
  }
  std::string content(const std::string& name) {
    auto source = blobs().open(name);
    if (!source) return "(" + std::string(to_string(source.error().code)) + ")";
    std::string text;
    std::array<char, 3> piece{};
    for (;;) {
      const auto got = (*source)->read(piece);
      EXPECT_TRUE(got);
      if (!got || *got == 0) return text;
      text.append(piece.data(), *got);
    }
  }

 private:
  std::unique_ptr<BlobsUnderTest> under_test_;
  std::unique_ptr<BlobStore> blobs_;
};

TEST_P(BlobsContract, names_a_blob_by_the_hash_of_its_bytes) {
  auto writer = blobs().create();
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write("a"));
  ASSERT_TRUE((*writer)->write(""));
  ASSERT_TRUE((*writer)->write("bc"));
  EXPECT_EQ((*writer)->finish(), kAbc);
  EXPECT_EQ(content(kAbc), "abc");
  EXPECT_EQ(store(""), kEmpty);
  EXPECT_EQ(content(kEmpty), "");
}

TEST_P(BlobsContract, the_same_bytes_again_are_the_same_blob) {
  EXPECT_EQ(store("abc"), kAbc);
  EXPECT_EQ(store("abc"), kAbc);
  EXPECT_EQ(content(kAbc), "abc");
}

TEST_P(BlobsContract, there_is_nothing_under_another_name) {
  EXPECT_EQ(content(kOther), "(not_found)");
}

TEST_P(BlobsContract, a_writer_that_is_let_go_leaves_nothing) {
  {
    auto writer = blobs().create();
    ASSERT_TRUE(writer && (*writer)->write("abc"));
  }
  EXPECT_EQ(content(kAbc), "(not_found)");
}

TEST_P(BlobsContract, several_writers_do_not_mix) {
  auto one = blobs().create();
  auto two = blobs().create();
  ASSERT_TRUE((*one)->write("ab") && (*two)->write("x") && (*one)->write("c"));
  ASSERT_TRUE((*two)->finish());
  EXPECT_EQ((*one)->finish(), kAbc);
  EXPECT_EQ(content(kAbc), "abc");
}

TEST_P(BlobsContract, a_finished_blob_is_there_when_the_store_is_opened_again) {
  store("abc");
  open();
  EXPECT_EQ(content(kAbc), "abc");
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, BlobsContract,
    testing::Values(std::pair("simulated",
                              Make([] { return std::make_unique<SimulatedUnderTest>(); })),
                    std::pair("posix", Make([] { return std::make_unique<PosixUnderTest>(); }))),
    [](const auto& adapter) { return std::string(adapter.param.first); });

}  // namespace
}  // namespace thaw
