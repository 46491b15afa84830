#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/disk/posix_disk.h"
#include "adapters/memory/memory_log.h"
#include "application/engine/journal_log.h"
#include "sim/disk/sim_disk.h"

namespace thaw {
namespace {

/// A log that can be closed, as a process ends, and opened again.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  virtual RecordLog& log() = 0;
  virtual void reopen() = 0;
};

class MemoryUnderTest final : public LogUnderTest {
 public:
  RecordLog& log() override { return log_; }
  void reopen() override { log_.recover(); }

 private:
  MemoryLog log_;
};

/// The journal over a disk; segments so small that a test meets their ends.
class JournalUnderTest : public LogUnderTest {
 public:
  RecordLog& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    journal_.reset();
    open();
  }

 protected:
  void use(Disk& disk) {
    disk_ = &disk;
    open();
  }
  void close() {
    log_.reset();
    journal_.reset();
  }

 private:
  void open() {
    auto opened = Journal::open(
        *disk_, {.segment_bytes = 8 * kJournalBlock, .reserve_bytes = 16 * kJournalBlock});
    ASSERT_TRUE(opened) << opened.error().detail;
    journal_ = std::move(*opened);
    log_ = std::make_unique<JournalLog>(*journal_);
  }
  Disk* disk_ = nullptr;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
};

class SimulatedUnderTest final : public JournalUnderTest {
 public:
  SimulatedUnderTest() : disk_(1) { use(disk_); }
  ~SimulatedUnderTest() override { close(); }

 private:
  SimDisk disk_;
};

class PosixUnderTest final : public JournalUnderTest {
 public:
  PosixUnderTest() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-log-XXXXXX";
    path_ = mkdtemp(name.data());
    auto opened = PosixDisk::open(path_);
    EXPECT_TRUE(opened);
    disk_ = std::move(*opened);
    use(*disk_);
  }
  ~PosixUnderTest() override {
    close();
    disk_.reset();
    std::filesystem::remove_all(path_);
  }

 private:
  std::string path_;
  std::unique_ptr<PosixDisk> disk_;
};

using Make = std::function<std::unique_ptr<LogUnderTest>()>;

/// What every RecordLog must do.
class LogContract : public testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  void SetUp() override { under_test_ = GetParam().second(); }
  RecordLog& log() { return under_test_->log(); }
  void reopen() { under_test_->reopen(); }
  Status append(std::vector<std::string_view> records) { return log().append_group(records); }
  /// "1=a 2=b"
  std::string after(std::uint64_t sequence, std::size_t limit) {
    const auto found = log().read_after(sequence, limit);
    if (!found) return "(" + std::string(to_string(found.error().code)) + ")";
    std::string text;
    for (const auto& [number, record] : *found) {
      text += (text.empty() ? "" : " ") + std::to_string(number) + "=" + record;
    }
    return text;
  }

 private:
  std::unique_ptr<LogUnderTest> under_test_;
};

TEST_P(LogContract, begins_empty_and_numbers_records_from_one) {
  EXPECT_EQ(log().last_sequence(), 0u);
  EXPECT_EQ(after(0, 10), "");
  ASSERT_TRUE(append({"a", "b"}));
  EXPECT_EQ(log().last_sequence(), 2u);
  ASSERT_TRUE(append({"c"}));
  EXPECT_EQ(log().last_sequence(), 3u);
  EXPECT_EQ(after(0, 10), "1=a 2=b 3=c");
}

TEST_P(LogContract, reads_after_a_number_up_to_a_limit_across_groups) {
  ASSERT_TRUE(append({"a", "b"}));
  ASSERT_TRUE(append({"c", "d"}));
  EXPECT_EQ(after(1, 2), "2=b 3=c");
  EXPECT_EQ(after(3, 10), "4=d");
  EXPECT_EQ(after(4, 10), "");
  EXPECT_EQ(after(100, 10), "");
  EXPECT_EQ(after(0, 0), "");
}

TEST_P(LogContract, keeps_any_bytes) {
  const std::string bytes("\0\xff\n\x1f", 4);
  const std::string large(100'000, 'x');
  ASSERT_TRUE(append({bytes, "", large}));
  const auto found = log().read_after(0, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3u);
  EXPECT_EQ((*found)[0].second, bytes);
  EXPECT_EQ((*found)[1].second, "");
  EXPECT_EQ((*found)[2].second, large);
}

TEST_P(LogContract, what_was_appended_is_there_after_an_end_and_numbers_go_on) {
  const std::string record(10'000, 'r');
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(append({record, std::to_string(i)}));
  reopen();
  EXPECT_EQ(log().last_sequence(), 40u);
  EXPECT_EQ(after(39, 10), "40=19");
  ASSERT_TRUE(append({"next"}));
  EXPECT_EQ(after(40, 10), "41=next");
  EXPECT_EQ(log().read_after(0, 100)->size(), 41u);
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, LogContract,
    testing::Values(
        std::pair("memory", Make([] { return std::make_unique<MemoryUnderTest>(); })),
        std::pair("journal_simulated", Make([] { return std::make_unique<SimulatedUnderTest>(); })),
        std::pair("journal_posix", Make([] { return std::make_unique<PosixUnderTest>(); }))),
    [](const auto& adapter) { return std::string(adapter.param.first); });

}  // namespace
}  // namespace thaw
