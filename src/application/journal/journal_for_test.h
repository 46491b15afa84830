#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application/journal/journal.h"
#include "base/random.h"
#include "sim/disk/sim_disk.h"

namespace thaw {

using Records = std::vector<std::string>;

inline Result<GroupReceipt> append(Journal& journal, const Records& records) {
  const std::vector<std::string_view> views(records.begin(), records.end());
  return journal.append_group(views);
}

/// Small segments, so that tests meet their ends.
inline JournalOptions small_options(std::uint64_t blocks = 8) {
  return {.segment_bytes = blocks * kJournalBlock, .reserve_bytes = 16 * kJournalBlock};
}

inline std::unique_ptr<Journal> open_well(Disk& disk, const JournalOptions& options) {
  auto journal = Journal::open(disk, options);
  EXPECT_TRUE(journal) << journal.error().detail;
  return journal ? std::move(*journal) : nullptr;
}

/// All records that are durable, or the error.
inline Result<Records> read_all(Journal& journal) {
  Records records;
  JournalReader reader = journal.open_reader(journal.first_sequence());
  for (;;) {
    const auto record = reader.next();
    if (!record) return fail_with(record);
    if (!*record) return records;
    records.emplace_back((*record)->payload);
  }
}

/// Bytes that do not pack.
inline std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random.next());
  return bytes;
}

/// Every other group packs.
inline Records random_group(Random& random, std::size_t records_max, std::size_t bytes_max) {
  Records records(1 + random.below(records_max));
  const bool packs = random.chance(1, 2);
  for (std::string& record : records) {
    const std::size_t size = random.below(bytes_max + 1);
    record = packs ? std::string(size, 'p') : random_bytes(random, size);
  }
  return records;
}

/// A group that packs, and takes at least two blocks then.
inline Records packing_group(Random& random) {
  Records records;
  for (int i = 0; i < 100; ++i) records.push_back(random_bytes(random, 50) + std::string(200, 'p'));
  return records;
}

/// A copy of all files, to be damaged and opened many times.
using Files = std::vector<std::pair<std::string, std::string>>;

inline Files copy_files(const SimDisk& disk) {
  Files files;
  for (const std::string& name : disk.all_names()) files.emplace_back(name, disk.bytes_of(name));
  return files;
}

inline std::unique_ptr<SimDisk> make_disk(const Files& files) {
  auto disk = std::make_unique<SimDisk>(1);
  for (const auto& [name, bytes] : files) {
    const std::string folder = disk_folder_of(name);
    if (!folder.empty()) (void)disk->make_dir(folder);
    const auto file = disk->open(name, OpenMode::create);
    EXPECT_TRUE(file && (*file)->write(0, bytes) && (*file)->sync());
  }
  EXPECT_TRUE(disk->sync_dir(""));
  return disk;
}

}  // namespace thaw
