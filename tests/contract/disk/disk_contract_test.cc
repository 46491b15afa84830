#include "disk_contract.h"

#include <cstdlib>
#include <filesystem>

#include "adapters/disk/posix_disk.h"
#include "sim/disk/sim_disk.h"

namespace thaw {
namespace {

class SimUnderTest final : public DiskUnderTest {
 public:
  Disk& disk() override { return disk_; }

 private:
  SimDisk disk_{1};
};

class PosixUnderTest final : public DiskUnderTest {
 public:
  PosixUnderTest() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-disk-XXXXXX";
    path_ = mkdtemp(name.data());
    auto opened = PosixDisk::open(path_);
    EXPECT_TRUE(opened) << opened.error().detail;
    disk_ = std::move(*opened);
  }
  ~PosixUnderTest() override { std::filesystem::remove_all(path_); }
  Disk& disk() override { return *disk_; }

 private:
  std::string path_;
  std::unique_ptr<PosixDisk> disk_;
};

INSTANTIATE_TEST_SUITE_P(
    AllDisks, DiskContract,
    testing::Values(
        std::pair<const char*, MakeDisk>("sim", [] { return std::make_unique<SimUnderTest>(); }),
        std::pair<const char*, MakeDisk>("posix",
                                         [] { return std::make_unique<PosixUnderTest>(); })),
    [](const auto& instance) { return std::string(instance.param.first); });

TEST_P(DiskContract, reads_back_what_was_written_at_its_offset) {
  const auto file = make_file("a", "hello world");
  ASSERT_TRUE(file->write(6, "there"));
  EXPECT_EQ(content("a"), "hello there");
  char part[4];
  EXPECT_EQ(file->read(6, part), 4u);
  EXPECT_EQ(std::string_view(part, 4), "ther");
}

TEST_P(DiskContract, reads_short_only_at_the_end_of_the_file) {
  const auto file = make_file("a", "12345");
  char into[8];
  EXPECT_EQ(file->read(3, into), 2u);
  EXPECT_EQ(file->read(5, into), 0u);
  EXPECT_EQ(file->read(500, into), 0u);
}

TEST_P(DiskContract, a_gap_reads_as_zeros) {
  const auto file = make_file("a", "x");
  ASSERT_TRUE(file->write(4, "y"));
  EXPECT_EQ(content("a"), std::string("x\0\0\0y", 5));
}

TEST_P(DiskContract, preallocated_room_reads_as_zeros_and_keeps_what_is_there) {
  const auto file = make_file("a", "abc");
  ASSERT_TRUE(file->preallocate(8));
  EXPECT_EQ(file->size(), 8u);
  EXPECT_EQ(content("a"), std::string("abc\0\0\0\0\0", 8));
  ASSERT_TRUE(file->preallocate(4));
  EXPECT_EQ(file->size(), 8u);
}

TEST_P(DiskContract, truncate_cuts_and_extends) {
  const auto file = make_file("a", "abcdef");
  ASSERT_TRUE(file->truncate(2));
  EXPECT_EQ(content("a"), "ab");
  ASSERT_TRUE(file->truncate(4));
  EXPECT_EQ(content("a"), std::string("ab\0\0", 4));
}

TEST_P(DiskContract, open_modes_are_kept) {
  EXPECT_EQ(code_of(disk().open("a", OpenMode::read)), ErrorCode::not_found);
  EXPECT_EQ(code_of(disk().open("a", OpenMode::write)), ErrorCode::not_found);
  make_file("a", "1");
  EXPECT_EQ(code_of(disk().open("a", OpenMode::create)), ErrorCode::conflict);
  const auto reader = disk().open("a", OpenMode::read);
  ASSERT_TRUE(reader);
  EXPECT_EQ(code_of((*reader)->write(0, "2")), ErrorCode::io);
  const auto writer = disk().open("a", OpenMode::write);
  ASSERT_TRUE(writer);
  EXPECT_TRUE((*writer)->write(0, "3"));
  EXPECT_EQ(content("a"), "3");
}

TEST_P(DiskContract, two_handles_see_one_file) {
  const auto writer = make_file("a", "1");
  const auto reader = disk().open("a", OpenMode::read);
  ASSERT_TRUE(writer->write(1, "23"));
  char into[3];
  EXPECT_EQ((*reader)->read(0, into), 3u);
  EXPECT_EQ(std::string_view(into, 3), "123");
}

TEST_P(DiskContract, rename_replaces_and_handles_follow) {
  const auto file = make_file("a", "new");
  make_file("b", "old");
  ASSERT_TRUE(disk().rename("a", "b"));
  EXPECT_EQ(content("a"), "(not_found)");
  ASSERT_TRUE(file->write(0, "NEW"));
  EXPECT_EQ(content("b"), "NEW");
  EXPECT_EQ(code_of(disk().rename("a", "b")), ErrorCode::not_found);
}

TEST_P(DiskContract, a_removed_file_is_gone_for_new_handles) {
  const auto file = make_file("a", "1");
  ASSERT_TRUE(disk().remove("a"));
  EXPECT_EQ(content("a"), "(not_found)");
  EXPECT_TRUE(file->write(0, "2"));
  EXPECT_EQ(code_of(disk().remove("a")), ErrorCode::not_found);
}

TEST_P(DiskContract, lists_files_in_byte_order_without_folders) {
  ASSERT_TRUE(disk().make_dir("folder"));
  for (const char* name : {"b", "a", "B", "folder/x"}) make_file(name, "");
  EXPECT_EQ(disk().list(""), (std::vector<std::string>{"B", "a", "b"}));
  EXPECT_EQ(disk().list("folder"), std::vector<std::string>{"x"});
  EXPECT_EQ(code_of(disk().list("none")), ErrorCode::not_found);
}

TEST_P(DiskContract, folders_hold_files_and_are_made_once) {
  EXPECT_EQ(code_of(disk().open("folder/x", OpenMode::create)), ErrorCode::not_found);
  ASSERT_TRUE(disk().make_dir("folder"));
  ASSERT_TRUE(disk().make_dir("folder"));
  make_file("folder/x", "1");
  ASSERT_TRUE(disk().rename("folder/x", "folder/y"));
  ASSERT_TRUE(disk().rename("folder/y", "z"));
  EXPECT_EQ(content("z"), "1");
  EXPECT_TRUE(disk().sync_dir("folder"));
  EXPECT_TRUE(disk().sync_dir(""));
  EXPECT_EQ(code_of(disk().sync_dir("none")), ErrorCode::not_found);
}

TEST_P(DiskContract, names_that_leave_the_folder_are_refused) {
  for (const char* name : {"", "/a", "..", ".", "../a", "a/../b", "a/b/c", "a/", "./a"}) {
    EXPECT_EQ(code_of(disk().open(name, OpenMode::create)), ErrorCode::invalid) << name;
    EXPECT_EQ(code_of(disk().remove(name)), ErrorCode::invalid) << name;
    EXPECT_EQ(code_of(disk().rename(name, "b")), ErrorCode::invalid) << name;
    EXPECT_EQ(code_of(disk().rename("b", name)), ErrorCode::invalid) << name;
  }
  for (const char* folder : {"..", ".", "a/b", "/"}) {
    EXPECT_EQ(code_of(disk().make_dir(folder)), ErrorCode::invalid) << folder;
    EXPECT_EQ(code_of(disk().list(folder)), ErrorCode::invalid) << folder;
    EXPECT_EQ(code_of(disk().sync_dir(folder)), ErrorCode::invalid) << folder;
  }
  EXPECT_EQ(code_of(disk().make_dir("")), ErrorCode::invalid);
}

TEST_P(DiskContract, tells_free_room) {
  const auto free = disk().free_bytes();
  ASSERT_TRUE(free);
  EXPECT_GT(*free, 0u);
}

}  // namespace
}  // namespace thaw
