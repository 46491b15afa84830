#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application/journal/catalog.h"
#include "application/journal/frame_builder.h"
#include "application/journal/journal_reader.h"
#include "application/journal/journal_types.h"
#include "application/journal/recovery.h"
#include "application/journal/segment_writer.h"
#include "application/journal/verify.h"
#include "application/ports/disk.h"
#include "base/result.h"

namespace thaw {

/// The journal (DESIGN §2): opaque records, numbered 1, 2, 3, … without gaps, appended in groups
/// that are durable whole or not at all.
///
/// The appending calls are for one thread at a time; reading ones may run beside them on any
/// thread. After a failed write or sync every further append answers `unavailable`, no file is
/// synced again, and the process must exit: memory is ahead of the disk. The disk must outlive the
/// journal.
class Journal {
 public:
  /// Recovers, and begins a new incarnation in a new segment. The caller holds the folder's lock.
  /// Errors: corrupt (file and offset, or both ends, in the detail), unsupported, no_space
  /// (release_reserve makes room), io.
  static Result<std::unique_ptr<Journal>> open(Disk& disk, JournalOptions options);

  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Appends a group and makes it durable: one write, one sync. Errors: invalid (no record, or more
  /// than kFrameBodyBytesMax) and no_space (no room for a new segment): nothing was written, and
  /// the journal lives on. All others: whether the group is there is known after the next open.
  Result<GroupReceipt> append_group(std::span<const std::string_view> records);

  /// The two halves of append_group: nothing of the group is seen before `sync` returned. One group
  /// at a time is on its way, since only the last frame may be cut.
  Result<GroupReceipt> append(std::span<const std::string_view> records);
  Status sync();

  /// Seals the segment and leaves the mark of a clean shutdown; what is missing at the next open is
  /// then corruption. Further appends answer `unavailable`.
  Status close();

  /// The durable end.
  std::uint64_t last_sequence() const { return last_sequence_.load(std::memory_order_acquire); }
  JournalHead head() const;
  /// Of the oldest record that is still here; last_sequence() + 1 if none is.
  std::uint64_t first_sequence() const { return catalog_.first_sequence(); }
  bool is_poisoned() const { return poisoned_.load(std::memory_order_acquire); }
  /// What recovery cut off, for the log; empty: nothing.
  const std::string& recovered_cut() const { return recovered_cut_; }
  /// Oldest first; all but the last are sealed, and never change again.
  std::vector<SegmentInfo> segments() const { return catalog_.segments(); }

  /// Streams from record `from` through what is durable now; JournalReader::extend moves on.
  JournalReader open_reader(std::uint64_t from) { return {disk_, catalog_, from, last_sequence()}; }
  /// Durable records after `sequence`, oldest first, at most `limit`. Errors as of JournalReader.
  Result<std::vector<std::pair<std::uint64_t, std::string>>> read_after(std::uint64_t sequence,
                                                                        std::size_t limit);
  /// Everything that is durable now, by verify_journal.
  Result<VerifyReport> verify() { return verify_journal(disk_, options_.folder, last_sequence()); }

 private:
  Journal(Disk& disk, JournalOptions options, const RecoveredJournal& recovered);

  Result<SegmentWriter> create_segment(std::uint64_t frame_bytes);
  Status begin();
  Status roll_over(std::uint64_t frame_bytes);
  Status install(SegmentWriter segment);
  Status check_usable() const;
  std::unexpected<Error> poison(const Error& error);

  Disk& disk_;
  const JournalOptions options_;
  const std::uint64_t incarnation_;
  const std::string recovered_cut_;
  Catalog catalog_;
  FrameBuilder builder_;
  std::optional<SegmentWriter> segment_;
  JournalHead written_;  // ahead of the durable head between append and sync
  bool is_sync_due_ = false;
  std::uint64_t frame_offset_ = 0;  // of the frame that waits for its sync

  mutable std::mutex head_mutex_;
  JournalHead durable_;  // guarded by head_mutex_
  std::atomic<std::uint64_t> last_sequence_{0};
  std::atomic<bool> poisoned_{false};
  std::string poisoned_by_;
};

}  // namespace thaw
