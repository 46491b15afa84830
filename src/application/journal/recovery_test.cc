#include "application/journal/recovery.h"

#include <algorithm>
#include <functional>

#include "application/journal/bytes.h"
#include "application/journal/crc32c.h"
#include "application/journal/grown_for_test.h"

namespace thaw {
namespace {

TEST(Recovery, a_journal_that_was_not_closed_is_read_whole) {
  const Grown grown = grow(false);
  EXPECT_EQ(open_and_read(grown.files), grown.all);
}

TEST(Recovery, the_last_frame_may_be_cut_at_any_byte) {
  expect_any_cut_is_harmless(grow(false));
}

TEST(Recovery, any_sector_of_the_last_frame_may_be_missing) {
  Random random(1);
  const Records large{random_bytes(random, 9000), random_bytes(random, 3000)};
  const Grown grown = grow(false, {{"x"}, large});
  ASSERT_EQ(grown.last_bytes(), 3 * kJournalBlock);
  const std::uint64_t frame = grown.last_offset;
  for (std::uint64_t sector = frame; sector < frame + 12'128; sector += 512) {
    Files files = grown.files;
    std::string& bytes = bytes_in(files, grown.last_name);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(sector), 512, '\0');
    const auto read = open_and_read(files);
    ASSERT_TRUE(read) << sector << ": " << read.error().detail;
    ASSERT_EQ(*read, without_last_group(grown)) << sector;
  }
}

TEST(Recovery, a_cut_below_the_floor_is_corruption_and_names_both_ends) {
  const Grown grown = grow(false);
  JournalOptions options = small_options(6);
  options.floor_sequence = grown.all.size();
  EXPECT_EQ(open_and_read(grown.files, options), grown.all);
  Files files = grown.files;
  bytes_in(files, grown.last_name).resize(grown.last_offset + 200);
  const auto refused = open_and_read(files, options);
  expect_corrupt(refused, grown.last_name, grown.last_offset);
  EXPECT_NE(refused.error().detail.find("ends with record " +
                                        std::to_string(grown.all.size() - grown.last_group)),
            std::string::npos);
  EXPECT_NE(refused.error().detail.find("record " + std::to_string(grown.all.size()) + " is known"),
            std::string::npos);
  options.floor_sequence = grown.all.size() - grown.last_group;
  EXPECT_TRUE(open_and_read(files, options));
}

TEST(Recovery, a_floor_beyond_the_end_is_refused) {
  const Grown grown = grow(false);
  JournalOptions options = small_options(6);
  options.floor_sequence = grown.all.size() + 1;
  EXPECT_EQ(open_and_read(grown.files, options).error().code, ErrorCode::corrupt);
  EXPECT_EQ(open_and_read({}, options).error().code, ErrorCode::corrupt);
}

/// Every byte of every file, but for long runs of zeros, where every 61st is taken.
void for_each_byte(const Files& files,
                   const std::function<void(const std::string&, std::uint64_t)>& visit) {
  for (const auto& [name, bytes] : files) {
    for (std::uint64_t at = 0; at < bytes.size(); ++at) {
      const bool is_padding =
          at >= 16 && at + 16 < bytes.size() && bytes.find_first_not_of('\0', at - 16) > at + 16;
      if (!is_padding || at % 61 == 0) visit(name, at);
    }
  }
}

TEST(Recovery, a_flipped_bit_before_the_last_frame_is_named_as_corrupt) {
  const Grown grown = grow(false);
  int trials = 0;
  for_each_byte(grown.files, [&](const std::string& name, std::uint64_t at) {
    if (name == grown.last_name && at >= grown.last_offset) return;
    const auto disk = make_disk(grown.files);
    disk->flip_bit(name, at, static_cast<unsigned>(at % 8));
    const auto verified = verify_journal(*disk, "journal");
    ASSERT_FALSE(verified) << name << " " << at;
    ASSERT_EQ(verified.error().code, ErrorCode::corrupt) << verified.error().detail;
    const auto journal = Journal::open(*disk, small_options(6));
    // The inside of sealed segments is looked at when it is read.
    const Result<Records> read = journal ? read_all(**journal) : fail_with(journal);
    ASSERT_FALSE(read) << name << " " << at;
    ASSERT_EQ(read.error().code, ErrorCode::corrupt) << read.error().detail;
    const std::uint64_t block = at / kJournalBlock * kJournalBlock;
    ASSERT_NE(read.error().detail.find(name + " at " + std::to_string(block) + ":"),
              std::string::npos)
        << name << " " << at << ": " << read.error().detail;
    ++trials;
  });
  EXPECT_GT(trials, 3000);
}

TEST(Recovery, every_flipped_bit_before_the_last_frame_is_named_by_verify) {
  const Grown grown = grow(false, {{"last"}});
  const auto disk = make_disk(grown.files);
  for (const auto& [name, bytes] : grown.files) {
    const std::uint64_t end = name == grown.last_name ? grown.last_offset : bytes.size();
    for (std::uint64_t at = 0; at < end; ++at) {
      const bool is_padding = bytes[at] == 0 && at % kJournalBlock >= kFrameHeaderBytes;
      for (unsigned bit = is_padding ? 7 : 0; bit < 8; ++bit) {  // of the padding's, one each
        disk->flip_bit(name, at, bit);
        const auto verified = verify_journal(*disk, "journal");
        disk->flip_bit(name, at, bit);
        const std::uint64_t block = at / kJournalBlock * kJournalBlock;
        ASSERT_FALSE(verified) << name << " " << at;
        ASSERT_EQ(verified.error().code, ErrorCode::corrupt) << verified.error().detail;
        ASSERT_NE(verified.error().detail.find(name + " at " + std::to_string(block) + ":"),
                  std::string::npos)
            << name << " " << at << ": " << verified.error().detail;
      }
    }
  }
  EXPECT_TRUE(verify_journal(*disk, "journal"));
}

TEST(Recovery, after_a_clean_shutdown_any_flipped_bit_is_corruption) {
  const Grown grown = grow(true);
  EXPECT_EQ(open_and_read(grown.files), grown.all);
  for_each_byte(grown.files, [&](const std::string& name, std::uint64_t at) {
    const auto disk = make_disk(grown.files);
    disk->flip_bit(name, at, static_cast<unsigned>(at % 8));
    const auto journal = Journal::open(*disk, small_options(6));
    const Result<Records> read = journal ? read_all(**journal) : fail_with(journal);
    ASSERT_FALSE(read) << name << " " << at;
    ASSERT_EQ(read.error().code, ErrorCode::corrupt) << read.error().detail;
  });
}

TEST(Recovery, after_a_clean_shutdown_any_cut_is_corruption) {
  const Grown grown = grow(true);
  const std::uint64_t whole = grown.end_offset + kJournalBlock;
  for (std::uint64_t cut = 0; cut < whole; cut += 97) {
    Files files = grown.files;
    bytes_in(files, grown.last_name).resize(cut);
    ASSERT_EQ(open_and_read(files).error().code, ErrorCode::corrupt) << cut;
  }
}

TEST(Recovery, a_missing_file_is_corruption) {
  for (const bool is_closed : {false, true}) {
    const Grown grown = grow(is_closed);
    for (std::size_t i = 0; i < grown.files.size(); ++i) {
      Files files = grown.files;
      const std::string name = files[i].first;
      files.erase(files.begin() + static_cast<std::ptrdiff_t>(i));
      if (name == "journal.clean") continue;
      JournalOptions options = small_options(6);
      options.floor_sequence = is_closed ? 0 : grown.all.size();
      ASSERT_EQ(open_and_read(files, options).error().code, ErrorCode::corrupt) << name;
    }
  }
}

TEST(Recovery, segments_that_change_places_are_corruption) {
  const Grown grown = grow(true);
  Files files = grown.files;
  std::swap(files[1].second, files[2].second);
  EXPECT_EQ(open_and_read(files).error().code, ErrorCode::corrupt);
}

TEST(Recovery, an_older_journal_put_back_is_refused_by_the_mark) {
  const Grown longer = grow(true);
  const Grown shorter = grow(true, {{"x"}});
  Files files = shorter.files;
  for (auto& [name, bytes] : files) {
    if (name == "journal.clean") bytes = bytes_in(const_cast<Files&>(longer.files), name);
  }
  EXPECT_EQ(open_and_read(files).error().code, ErrorCode::corrupt);
}

TEST(Recovery, another_history_is_refused_by_the_mark_of_an_earlier_shutdown) {
  const auto make = [](const std::string& first) {
    SimDisk disk(1);
    auto journal = open_well(disk, small_options(6));
    EXPECT_TRUE(append(*journal, {first}));
    EXPECT_TRUE(journal->close());
    journal = open_well(disk, small_options(6));
    EXPECT_TRUE(append(*journal, {"then"}));
    return copy_files(disk);
  };
  Files forged = make("forged");
  EXPECT_TRUE(open_and_read(forged));
  Files genuine = make("genuin");
  bytes_in(forged, "journal.clean") = bytes_in(genuine, "journal.clean");
  EXPECT_EQ(open_and_read(forged).error().code, ErrorCode::corrupt);
}

TEST(Recovery, a_forged_record_with_right_checksums_breaks_the_chain) {
  // Somebody who can recompute CRCs and Merkle roots, but not what follows.
  const Grown grown = grow(false);
  Files files = grown.files;
  std::string& bytes = bytes_in(files, grown.last_name);
  FrameBuilder builder;
  const std::uint64_t first_offset = kJournalBlock;  // the frame of "x"
  const auto header = parse_frame_header(std::string_view(bytes).substr(first_offset));
  ASSERT_TRUE(header);
  const std::vector<std::string_view> forged{"X"};
  const auto segment = parse_segment_header(bytes);
  const std::string_view frame = builder.build(forged, header->place, segment->chain);
  std::copy(frame.begin(), frame.end(), bytes.begin() + static_cast<std::ptrdiff_t>(first_offset));
  expect_corrupt(open_and_read(files), grown.last_name, first_offset + kJournalBlock);
}

TEST(Recovery, a_stale_frame_of_an_older_incarnation_behind_a_cut_never_matches) {
  // The room of the last segment held a frame of the same sequence and position, of an older
  // incarnation: what a preallocation without zeroing may show.
  const Grown grown = grow(false);
  Files files = grown.files;
  std::string& bytes = bytes_in(files, grown.last_name);
  const auto last = parse_frame_header(std::string_view(bytes).substr(grown.last_offset));
  const auto before =
      parse_frame_header(std::string_view(bytes).substr(grown.last_offset - kJournalBlock));
  ASSERT_TRUE(last && before);
  FramePlace stale = last->place;
  --stale.incarnation;
  FrameBuilder builder;
  const std::vector<std::string_view> records{"stale"};
  const std::string frame(builder.build(records, stale, before->chain));
  for (std::uint64_t at = grown.last_offset; at + kJournalBlock <= bytes.size();
       at += kJournalBlock) {
    std::copy(frame.begin(), frame.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  EXPECT_EQ(open_and_read(files), without_last_group(grown));
  // The same frame of this incarnation would have been taken: the test means something.
  ++stale.incarnation;
  const std::string fresh(builder.build(records, stale, before->chain));
  std::copy(fresh.begin(), fresh.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(grown.last_offset));
  Records expected = without_last_group(grown);
  expected.push_back("stale");
  EXPECT_EQ(open_and_read(files), expected);
}

TEST(Recovery, a_read_error_is_never_taken_for_a_cut) {
  const Grown grown = grow(false);
  for (std::uint64_t n = 1;; ++n) {
    const auto disk = make_disk(grown.files);
    disk->fail_call(n);
    const auto opened = Journal::open(*disk, small_options(6));
    if (opened) break;
    ASSERT_EQ(opened.error().code, ErrorCode::io) << n << opened.error().detail;
    disk->restart();
    const auto journal = Journal::open(*disk, small_options(6));
    ASSERT_TRUE(journal) << journal.error().detail;
    ASSERT_EQ(read_all(**journal), grown.all) << n;
  }
}

TEST(Recovery, a_newer_format_is_refused_by_name) {
  const Grown grown = grow(false);
  const auto refused_with = [&](const std::string& name, std::uint64_t offset, std::size_t crc_at) {
    Files files = grown.files;
    std::string& bytes = bytes_in(files, name);
    bytes[offset + (offset == 0 ? 8 : 4)] = 2;
    store_le(bytes.data() + offset + crc_at,
             crc32c(std::string_view(bytes).substr(offset, crc_at)));
    return open_and_read(files).error().code;
  };
  EXPECT_EQ(refused_with(grown.last_name, 0, kJournalBlock - 4), ErrorCode::unsupported);
  EXPECT_EQ(refused_with(grown.last_name, grown.last_offset, 124), ErrorCode::unsupported);
}

TEST(Recovery, after_a_failed_sync_what_is_shown_is_made_durable_before_it_is_served) {
  int seen = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SimDisk disk(seed);
    auto journal = open_well(disk, small_options(6));
    ASSERT_TRUE(append(*journal, {"a"}));
    disk.fail_call(2);  // the sync; the page cache shows the group, and lies
    ASSERT_FALSE(append(*journal, {"b"}));
    disk.restart();
    journal = open_well(disk, small_options(6));
    const auto shown = read_all(*journal);
    ASSERT_EQ(shown, (Records{"a", "b"}));
    disk.crash();
    journal = open_well(disk, small_options(6));
    ASSERT_TRUE(journal);
    ASSERT_EQ(read_all(*journal), *shown) << seed;
    ++seen;
  }
  EXPECT_EQ(seen, 100);
}

TEST(Recovery, after_a_failed_seal_the_sealed_look_of_the_segment_is_not_believed) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SimDisk disk(seed);
    auto journal = open_well(disk, small_options(4));
    Records all;
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(append(*journal, {std::to_string(i)}));
      all.push_back(std::to_string(i));
    }
    disk.fail_call(8);  // the sync of the seal, at roll-over
    ASSERT_FALSE(append(*journal, {"x"}));
    ASSERT_EQ(disk.counters().failed_syncs, 1u);
    disk.restart();
    journal = open_well(disk, small_options(4));
    ASSERT_TRUE(append(*journal, {"y"}));
    all.push_back("y");
    disk.crash();
    journal = open_well(disk, small_options(4));
    ASSERT_TRUE(journal) << seed;
    ASSERT_EQ(read_all(*journal), all);
  }
}

TEST(Verify, reports_totals_and_where_an_open_segment_ends) {
  const Grown grown = grow(false);
  auto disk = make_disk(grown.files);
  auto report = verify_journal(*disk, "journal");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->records, grown.all.size());
  EXPECT_EQ(report->frames, 9u);
  EXPECT_NE(report->unsealed_at.find(grown.last_name), std::string::npos);
  EXPECT_EQ(verify_journal(*disk, "journal", grown.all.size() + 1).error().code,
            ErrorCode::corrupt);
  disk = make_disk(grow(true).files);
  report = verify_journal(*disk, "journal");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->unsealed_at, "");
}

}  // namespace
}  // namespace thaw
