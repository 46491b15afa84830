#include "application/journal/journal.h"

#include <set>

#include "application/journal/crc32c.h"
#include "application/journal/journal_for_test.h"
#include "application/journal/reserve.h"

namespace thaw {
namespace {

TEST(Crc32c, known_values_and_both_ways_agree) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);  // RFC 3720, B.4 and the catalogue of CRCs
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  Random random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random.next());
    EXPECT_EQ(crc32c(bytes), crc32c_by_table(bytes)) << size;
  }
}

TEST(Hasher, known_value_and_roots_that_depend_on_every_leaf_and_its_place) {
  Hasher hasher;
  EXPECT_EQ(to_hex(hasher.hash({"a", "bc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto root = [&](int count, int changed) {
    std::vector<JournalHash> leaves;
    for (int i = 0; i < count; ++i) {
      leaves.push_back(hasher.hash({std::to_string(i == changed ? -1 : i)}));
    }
    return to_hex(hasher.merkle_root(leaves));
  };
  std::set<std::string> roots;
  int made = 0;
  for (const int count : {1, 2, 15, 16, 17, 256, 257, 300}) {
    for (int changed = -1; changed < count; ++changed, ++made) roots.insert(root(count, changed));
  }
  EXPECT_EQ(roots.size(), static_cast<std::size_t>(made));
}

TEST(Journal, numbers_records_without_gaps_and_reads_them_back) {
  SimDisk disk(1);
  const auto journal = open_well(disk, small_options());
  EXPECT_EQ(journal->last_sequence(), 0u);
  const auto first = append(*journal, {"a", "", "c"});
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->first_sequence, 1u);
  EXPECT_EQ(first->last_sequence, 3u);
  const auto second = append(*journal, {"d"});
  EXPECT_EQ(second->first_sequence, 4u);
  EXPECT_EQ(second->head, journal->head());
  EXPECT_NE(second->head.chain, first->head.chain);
  EXPECT_EQ(read_all(*journal), (Records{"a", "", "c", "d"}));
  const auto some = journal->read_after(1, 2);
  ASSERT_TRUE(some);
  ASSERT_EQ(some->size(), 2u);
  EXPECT_EQ((*some)[0], (std::pair<std::uint64_t, std::string>(2, "")));
  EXPECT_EQ((*some)[1], (std::pair<std::uint64_t, std::string>(3, "c")));
  EXPECT_EQ(journal->read_after(4, 10)->size(), 0u);
}

TEST(Journal, an_empty_group_and_one_too_large_are_refused_and_harm_nothing) {
  SimDisk disk(1);
  const auto journal = open_well(disk, small_options());
  EXPECT_EQ(append(*journal, {}).error().code, ErrorCode::invalid);
  const std::string large(1 << 20, 'x');
  const std::vector<std::string_view> many(257, large);
  EXPECT_EQ(journal->append_group(many).error().code, ErrorCode::invalid);
  EXPECT_TRUE(append(*journal, {"a"}));
}

TEST(Journal, goes_on_in_a_new_segment_and_reads_from_any_record) {
  SimDisk disk(1);
  auto journal = open_well(disk, small_options());
  Random random(2);
  Records all;
  for (int i = 0; i < 100; ++i) {
    const Records group = random_group(random, 20, 500);
    ASSERT_TRUE(append(*journal, group));
    all.insert(all.end(), group.begin(), group.end());
  }
  EXPECT_GT(journal->segments().size(), 15u);
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_EQ(read_all(*journal), all);
    for (std::uint64_t from = 1; from <= all.size(); from += 1 + random.below(20)) {
      const auto read = journal->read_after(from - 1, 1);
      ASSERT_TRUE(read) << read.error().detail;
      ASSERT_EQ(read->size(), 1u);
      EXPECT_EQ((*read)[0].first, from);
      EXPECT_EQ((*read)[0].second, all[from - 1]);
    }
    const auto report = journal->verify();
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->records, all.size());
    EXPECT_EQ(report->head, journal->head());
    journal = open_well(disk, small_options());
  }
}

TEST(Journal, a_group_larger_than_a_segment_gets_a_segment_of_its_size) {
  SimDisk disk(1);
  auto journal = open_well(disk, small_options());
  Random random(1);
  const Records large{random_bytes(random, 100'000), std::string(50'000, 'y')};
  ASSERT_TRUE(append(*journal, large));  // the first segment is still empty: it is replaced
  ASSERT_TRUE(append(*journal, {"small"}));
  ASSERT_TRUE(append(*journal, large));
  const Records all{large[0], large[1], "small", large[0], large[1]};
  EXPECT_EQ(read_all(*journal), all);
  journal = open_well(disk, small_options());
  EXPECT_EQ(read_all(*journal), all);
}

TEST(Journal, each_open_is_a_new_incarnation_and_idle_ones_leave_no_files) {
  SimDisk disk(1);
  std::uint64_t before = 0;
  for (int i = 0; i < 5; ++i) {
    const auto journal = open_well(disk, small_options());
    const std::vector<SegmentInfo> segments = journal->segments();
    ASSERT_EQ(segments.size(), 1u);
    EXPECT_GT(segments[0].header.incarnation, before);
    before = segments[0].header.incarnation;
  }
}

TEST(Journal, the_new_incarnation_is_durable_before_anything_is_appended) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SimDisk disk(seed);
    std::uint64_t used = 0;
    for (int i = 0; i < 4; ++i) {
      const auto journal = open_well(disk, small_options());
      ASSERT_TRUE(journal);
      const std::uint64_t incarnation = journal->segments().back().header.incarnation;
      EXPECT_GT(incarnation, used);
      used = incarnation;
      disk.crash();
    }
  }
}

TEST(Journal, nothing_is_seen_before_its_sync) {
  SimDisk disk(1);
  const auto journal = open_well(disk, small_options());
  const std::vector<std::string_view> group{"a"};
  ASSERT_TRUE(journal->append(group));
  EXPECT_EQ(journal->last_sequence(), 0u);
  EXPECT_EQ(read_all(*journal), Records{});
  ASSERT_TRUE(journal->sync());
  EXPECT_EQ(read_all(*journal), Records{"a"});
}

TEST(Journal, a_reader_follows_the_durable_end) {
  SimDisk disk(1);
  const auto journal = open_well(disk, small_options());
  JournalReader reader = journal->open_reader(1);
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(reader.next()->has_value());
    ASSERT_TRUE(append(*journal, {std::to_string(i), "second"}));
    reader.extend(journal->last_sequence());
    EXPECT_EQ((*reader.next())->payload, std::to_string(i));
    EXPECT_EQ((*reader.next())->payload, "second");
  }
}

TEST(Journal, after_a_failed_write_or_sync_it_takes_nothing_and_syncs_nothing) {
  for (const std::uint64_t failing : {1, 2}) {  // the write, the sync
    SimDisk disk(1);
    const auto journal = open_well(disk, small_options());
    ASSERT_TRUE(append(*journal, {"a"}));
    disk.fail_call(failing);
    const auto failed = append(*journal, {"b"});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::io);
    EXPECT_TRUE(journal->is_poisoned());
    const DiskCounters before = disk.counters();
    EXPECT_EQ(append(*journal, {"c"}).error().code, ErrorCode::unavailable);
    EXPECT_EQ(journal->sync().error().code, ErrorCode::unavailable);
    EXPECT_EQ(journal->close().error().code, ErrorCode::unavailable);
    EXPECT_EQ(disk.counters().calls, before.calls);
    EXPECT_EQ(read_all(*journal), Records{"a"});  // what was durable can still be read
  }
}

TEST(Journal, a_full_disk_shows_at_roll_over_before_anything_of_the_group_is_written) {
  SimDisk disk(1);
  const JournalOptions options = small_options();
  auto journal = open_well(disk, options);
  ASSERT_TRUE(make_reserve(disk, options));
  disk.set_capacity(40 * kJournalBlock);  // the reserve, the first segment, and one more
  Records all;
  Result<GroupReceipt> appended;
  for (int i = 0; i < 100; ++i) {
    const std::string record = std::to_string(i);
    const std::uint64_t writes = disk.counters().writes;
    appended = append(*journal, {record});
    if (!appended) {
      EXPECT_EQ(disk.counters().writes, writes);
      break;
    }
    all.push_back(record);
  }
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, ErrorCode::no_space);
  EXPECT_FALSE(journal->is_poisoned());
  EXPECT_EQ(append(*journal, {"x"}).error().code, ErrorCode::no_space);
  EXPECT_EQ(read_all(*journal), all);

  // A start needs room, which only the reserve has.
  journal.reset();
  disk.set_capacity(40 * kJournalBlock - *disk.free_bytes() + kJournalBlock);
  const auto refused = Journal::open(disk, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::no_space);
  ASSERT_TRUE(release_reserve(disk, options));
  ASSERT_TRUE(release_reserve(disk, options));
  journal = open_well(disk, options);
  ASSERT_TRUE(journal);
  EXPECT_EQ(read_all(*journal), all);
  EXPECT_TRUE(append(*journal, {"x"}));
  EXPECT_EQ(make_reserve(disk, options).error().code, ErrorCode::no_space);
}

TEST(Journal, a_disk_full_for_a_while_does_no_harm) {
  SimDisk disk(1);
  const auto journal = open_well(disk, small_options());
  disk.set_faults({.full = 3000, .full_calls = 10});
  Records all;
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string record = std::to_string(i);
    const auto appended = append(*journal, {record});
    if (appended) {
      all.push_back(record);
    } else {
      ASSERT_EQ(appended.error().code, ErrorCode::no_space);
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
  EXPECT_FALSE(journal->is_poisoned());
  EXPECT_EQ(read_all(*journal), all);
}

TEST(Journal, a_no_space_after_the_roll_over_poisons_and_is_not_called_no_space) {
  // A file system that promised room and breaks its word (copy on write).
  class NoRoomFile final : public DiskFile {
   public:
    NoRoomFile(std::unique_ptr<DiskFile> file, const bool& is_full)
        : file_(std::move(file)), is_full_(is_full) {}
    Status write(std::uint64_t offset, std::string_view bytes) override {
      if (is_full_) return fail(ErrorCode::no_space, "full", true);
      return file_->write(offset, bytes);
    }
    Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
      return file_->read(offset, into);
    }
    Status preallocate(std::uint64_t size) override { return file_->preallocate(size); }
    Status truncate(std::uint64_t size) override { return file_->truncate(size); }
    Status sync() override { return file_->sync(); }
    Result<std::uint64_t> size() const override { return file_->size(); }

   private:
    std::unique_ptr<DiskFile> file_;
    const bool& is_full_;
  };
  class NoRoomDisk final : public Disk {
   public:
    Result<std::unique_ptr<DiskFile>> open(const std::string& name, OpenMode mode) override {
      auto file = disk_.open(name, mode);
      if (!file) return file;
      return std::make_unique<NoRoomFile>(std::move(*file), is_full);
    }
    Status rename(const std::string& a, const std::string& b) override {
      return disk_.rename(a, b);
    }
    Status remove(const std::string& name) override { return disk_.remove(name); }
    Result<std::vector<std::string>> list(const std::string& folder) override {
      return disk_.list(folder);
    }
    Status make_dir(const std::string& folder) override { return disk_.make_dir(folder); }
    Status sync_dir(const std::string& folder) override { return disk_.sync_dir(folder); }
    Result<std::uint64_t> free_bytes() override { return disk_.free_bytes(); }
    bool is_full = false;

   private:
    SimDisk disk_{1};
  };
  NoRoomDisk disk;
  const auto journal = open_well(disk, small_options());
  disk.is_full = true;
  EXPECT_EQ(append(*journal, {"a"}).error().code, ErrorCode::io);
  EXPECT_TRUE(journal->is_poisoned());
}

TEST(Journal, records_before_the_oldest_segment_are_not_found) {
  SimDisk disk(1);
  JournalOptions options = small_options();
  auto journal = open_well(disk, options);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(append(*journal, {std::to_string(i)}));
  const std::uint64_t second = journal->segments()[1].header.first_sequence;
  ASSERT_TRUE(disk.remove(journal->segments()[0].name));  // archived
  const auto refused = Journal::open(disk, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt);
  options.needed_from_sequence = second;
  journal = open_well(disk, options);
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->first_sequence(), second);
  EXPECT_EQ(journal->read_after(0, 1).error().code, ErrorCode::not_found);
  EXPECT_EQ((*journal->read_after(second - 1, 1))[0].second, std::to_string(second - 1));
}

}  // namespace
}  // namespace thaw
