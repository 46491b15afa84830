#include "adapters/disk/posix_disk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "adapters/disk/data_lock.h"

namespace thaw {
namespace {

class PosixDiskTest : public testing::Test {
 protected:
  PosixDiskTest() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-posix-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~PosixDiskTest() override { std::filesystem::remove_all(path_); }

  std::string path_;
};

TEST_F(PosixDiskTest, a_folder_that_is_not_there_is_not_found) {
  const auto opened = PosixDisk::open(path_ + "/none");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
}

TEST_F(PosixDiskTest, a_full_device_is_no_space) {
  const auto devices = PosixDisk::open("/dev");
  ASSERT_TRUE(devices);
  const auto full = (*devices)->open("full", OpenMode::write);
  ASSERT_TRUE(full) << full.error().detail;
  const Status written = (*full)->write(0, "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::no_space);
  EXPECT_TRUE(written.error().retryable);
}

TEST_F(PosixDiskTest, preallocation_takes_blocks) {
  const auto disk = PosixDisk::open(path_);
  const auto file = (*disk)->open("a", OpenMode::create);
  ASSERT_TRUE((*file)->preallocate(1 << 20));
  struct stat status{};
  ASSERT_EQ(::stat((path_ + "/a").c_str(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, 1 << 20);
}

TEST_F(PosixDiskTest, a_second_holder_is_refused_and_told_who_holds_it) {
  auto first = DataLock::acquire(path_);
  ASSERT_TRUE(first) << first.error().detail;
  const auto second = DataLock::acquire(path_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::locked);
  EXPECT_NE(second.error().detail.find("process " + std::to_string(::getpid()) + ";"),
            std::string::npos)
      << second.error().detail;
  first->reset();
  EXPECT_TRUE(DataLock::acquire(path_));
}

TEST_F(PosixDiskTest, the_lock_goes_with_a_killed_process) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = DataLock::acquire(path_);
    (void)!::write(ready[1], held ? "1" : "0", 1);
    for (;;) ::pause();
  }
  char answer = '?';
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, '1');
  const auto refused = DataLock::acquire(path_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("process " + std::to_string(child) + ";"),
            std::string::npos)
      << refused.error().detail;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(DataLock::acquire(path_));
}

}  // namespace
}  // namespace thaw
