#include "adapters/blobs/folder_blobs.h"

#include <gtest/gtest.h>

#include <array>

#include "sim/disk/sim_disk.h"

namespace thaw {
namespace {

constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string read_all(ByteSource& source) {
  std::string text;
  std::array<char, 2> piece{};
  for (;;) {
    const auto got = source.read(piece);
    EXPECT_TRUE(got);
    if (!got || *got == 0) return text;
    text.append(piece.data(), *got);
  }
}

TEST(FolderBlobs, a_blob_is_found_under_the_hash_of_its_bytes) {
  SimDisk disk(1);
  auto blobs = FolderBlobs::open(disk, "blobs");
  ASSERT_TRUE(blobs);
  auto writer = (*blobs)->create();
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write("a"));
  ASSERT_TRUE((*writer)->write("bc"));
  const auto name = (*writer)->finish();
  ASSERT_TRUE(name);
  EXPECT_EQ(*name, kAbc);
  auto source = (*blobs)->open(kAbc);
  ASSERT_TRUE(source);
  EXPECT_EQ(read_all(**source), "abc");
}

TEST(FolderBlobs, one_whose_bytes_changed_is_not_handed_out) {
  SimDisk disk(1);
  auto blobs = FolderBlobs::open(disk, "blobs");
  auto writer = (*blobs)->create();
  ASSERT_TRUE((*writer)->write("abc"));
  ASSERT_TRUE((*writer)->finish());
  EXPECT_TRUE(verify_blob(disk, "blobs", kAbc));
  ASSERT_TRUE(disk.flip_bit(std::string("blobs/") + kAbc, 1, 0));
  EXPECT_EQ((*blobs)->open(kAbc).error().code, ErrorCode::corrupt);
  EXPECT_EQ(verify_blob(disk, "blobs", kAbc).error().code, ErrorCode::corrupt);
}

TEST(FolderBlobs, an_upload_that_breaks_off_leaves_nothing) {
  SimDisk disk(1);
  auto blobs = FolderBlobs::open(disk, "blobs");
  ASSERT_TRUE(blobs);
  {
    auto writer = (*blobs)->create();
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write("half"));
  }
  EXPECT_TRUE(disk.list("blobs")->empty());
}

TEST(FolderBlobs, a_finished_blob_survives_a_crash_and_a_torn_one_is_swept) {
  SimDisk disk(7);
  auto blobs = FolderBlobs::open(disk, "blobs");
  ASSERT_TRUE(blobs);
  auto whole = (*blobs)->create();
  ASSERT_TRUE((*whole)->write("abc"));
  ASSERT_TRUE((*whole)->finish());
  auto torn = (*blobs)->create();
  ASSERT_TRUE((*torn)->write("torn"));
  disk.crash();
  blobs = FolderBlobs::open(disk, "blobs");
  ASSERT_TRUE(blobs);
  EXPECT_EQ(disk.list("blobs")->size(), 1U);
  auto source = (*blobs)->open(kAbc);
  ASSERT_TRUE(source);
  EXPECT_EQ(read_all(**source), "abc");
}

TEST(FolderBlobs, a_name_that_is_no_hash_opens_nothing) {
  SimDisk disk(1);
  auto blobs = FolderBlobs::open(disk, "blobs");
  ASSERT_TRUE(blobs);
  EXPECT_EQ((*blobs)->open("../LOCK").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace thaw
