// The journal over a real file system, with readers on other threads.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "adapters/disk/posix_disk.h"
#include "application/journal/journal_for_test.h"
#include "application/journal/reserve.h"

namespace thaw {
namespace {

class JournalOnPosix : public testing::Test {
 protected:
  JournalOnPosix() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-journal-XXXXXX";
    path_ = mkdtemp(name.data());
    disk_ = std::move(*PosixDisk::open(path_));
  }
  ~JournalOnPosix() override { std::filesystem::remove_all(path_); }

  std::string path_;
  std::unique_ptr<PosixDisk> disk_;
};

std::string payload(std::uint64_t sequence) {
  return std::string(sequence % 200, 'x') + "!";
}

TEST_F(JournalOnPosix, readers_and_verify_run_beside_the_writer) {
  constexpr std::uint64_t kRecords = 4000;
  const auto journal = open_well(*disk_, small_options(20));
  std::atomic<bool> failed{false};
  const auto follow = [&] {
    JournalReader reader = journal->open_reader(1);
    while (reader.next_sequence() <= kRecords && !failed) {
      reader.extend(journal->last_sequence());
      const std::uint64_t expected = reader.next_sequence();
      const auto record = reader.next();
      if (!record || (*record && (*record)->payload != payload(expected))) failed = true;
      if (record && !*record) std::this_thread::yield();
    }
  };
  const auto look = [&] {
    while (journal->last_sequence() < kRecords && !failed) {
      const std::uint64_t end = journal->last_sequence();
      const auto within = journal->verify();
      const auto outside = verify_journal(*disk_, "journal");  // as another process would
      const auto some = journal->read_after(end / 2, 10);
      if (!within || !outside || !some || within->records < end) failed = true;
      if (!within) ADD_FAILURE() << within.error().detail;
      if (!outside) ADD_FAILURE() << outside.error().detail;
      if (!some) ADD_FAILURE() << some.error().detail;
    }
  };
  std::thread follower(follow), looker(look);
  for (std::uint64_t next = 1; next <= kRecords && !failed;) {
    Records group;
    for (int i = 0; i < 20; ++i) group.push_back(payload(next++));
    if (!append(*journal, group)) failed = true;
  }
  follower.join();
  looker.join();
  EXPECT_FALSE(failed);
  EXPECT_GT(journal->segments().size(), 5u);
}

TEST_F(JournalOnPosix, is_found_again_with_and_without_a_clean_shutdown) {
  Records all;
  for (int run = 0; run < 4; ++run) {
    const auto journal = open_well(*disk_, small_options());
    EXPECT_EQ(read_all(*journal), all);
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(append(*journal, {std::to_string(run), std::to_string(i)}));
      all.insert(all.end(), {std::to_string(run), std::to_string(i)});
    }
    if (run % 2 == 0) {
      ASSERT_TRUE(journal->close());
    }
  }
}

TEST_F(JournalOnPosix, the_reserve_takes_room_and_gives_it_back) {
  const JournalOptions options = small_options();
  ASSERT_TRUE(make_reserve(*disk_, options));
  ASSERT_TRUE(make_reserve(*disk_, options));
  EXPECT_EQ(std::filesystem::file_size(path_ + "/journal.reserve"), options.reserve_bytes);
  ASSERT_TRUE(release_reserve(*disk_, options));
  EXPECT_FALSE(std::filesystem::exists(path_ + "/journal.reserve"));
}

}  // namespace
}  // namespace thaw
