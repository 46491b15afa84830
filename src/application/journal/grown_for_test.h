#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "application/journal/journal_for_test.h"

namespace thaw {

/// A journal of several segments as a crash leaves it: the last segment has no seal.
struct Grown {
  Files files;
  Records all;
  std::uint64_t last_group = 0;  // records in the last frame
  std::string last_name;
  std::uint64_t last_offset = 0;  // of the last frame
  std::uint64_t end_offset = 0;
  std::uint64_t last_bytes() const { return end_offset - last_offset; }
};

inline Grown grow(bool is_closed,
                  const std::vector<Records>& tail = {{"x"}, {"y", "z"}, {"last", "one"}}) {
  SimDisk disk(1);
  Grown grown;
  auto journal = open_well(disk, small_options(6));
  std::uint64_t last_bytes = 0;
  const auto add = [&](const Records& group) {
    const std::uint64_t before = journal->head().position;
    EXPECT_TRUE(append(*journal, group));
    last_bytes = journal->head().position - before;
    grown.all.insert(grown.all.end(), group.begin(), group.end());
    grown.last_group = group.size();
  };
  for (int i = 0; i < 6; ++i) add({std::to_string(i), std::string(300, 'r')});
  journal = open_well(disk, small_options(6));  // another incarnation
  for (const Records& group : tail) add(group);
  const SegmentInfo last = journal->segments().back();
  grown.last_name = last.name;
  grown.end_offset = last.header.offset_of(journal->head().position);
  grown.last_offset = grown.end_offset - last_bytes;
  if (is_closed && !journal->close()) ADD_FAILURE() << "not closed";
  grown.files = copy_files(disk);
  return grown;
}

inline std::string& bytes_in(Files& files, const std::string& name) {
  for (auto& [file, bytes] : files) {
    if (file == name) return bytes;
  }
  ADD_FAILURE() << "no file " << name;
  return files.front().second;
}

inline Records without_last_group(const Grown& grown) {
  return {grown.all.begin(), grown.all.end() - static_cast<std::ptrdiff_t>(grown.last_group)};
}

/// Opens and reads everything there is.
inline Result<Records> open_and_read(const Files& files,
                                     JournalOptions options = small_options(6)) {
  const auto disk = make_disk(files);
  const auto journal = Journal::open(*disk, options);
  if (!journal) return fail_with(journal);
  return read_all(**journal);
}

inline void expect_corrupt(const Result<Records>& result, const std::string& name,
                           std::uint64_t offset) {
  ASSERT_FALSE(result) << "accepted " << result->size() << " records";
  EXPECT_EQ(result.error().code, ErrorCode::corrupt) << result.error().detail;
  const std::string place = name + " at " + std::to_string(offset) + ":";
  EXPECT_NE(result.error().detail.find(place), std::string::npos)
      << result.error().detail << " does not name " << place;
}

/// The last frame was being written: any part of it may be missing.
inline void expect_any_cut_is_harmless(const Grown& grown) {
  const Records shorter = without_last_group(grown);
  const std::string whole = bytes_in(const_cast<Files&>(grown.files), grown.last_name);
  for (std::uint64_t cut = grown.last_offset; cut < grown.end_offset; ++cut) {
    for (const bool is_truncated : {true, false}) {  // the file ends there, or zeros follow
      if (!is_truncated && cut % 16 != 0) continue;
      Files files = grown.files;
      std::string& bytes = bytes_in(files, grown.last_name);
      bytes.resize(cut);
      if (!is_truncated) bytes.resize(whole.size());
      const bool is_whole = bytes == whole;  // only zeros of the padding were cut
      const auto read = open_and_read(files);
      ASSERT_TRUE(read) << cut << ": " << read.error().detail;
      ASSERT_EQ(*read, is_whole ? grown.all : shorter) << cut;
    }
  }
}

}  // namespace thaw
