#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "application/journal/body_packing.h"
#include "application/journal/catalog.h"
#include "application/journal/frame_loader.h"
#include "application/journal/journal_types.h"
#include "application/ports/disk.h"

namespace thaw {

/// Streams records in order, beside the writer; holds one frame at a time. One thread; must not
/// outlive its Journal. After an error the next call tries the same record again.
class JournalReader {
 public:
  /// From record `from` on, through record `through`, which must be durable.
  JournalReader(Disk& disk, Catalog& catalog, std::uint64_t from, std::uint64_t through)
      : disk_(disk), catalog_(catalog), next_(from), through_(through) {}

  /// The next record, whose payload is good until the next call; nothing when `through` is passed.
  /// Errors: not_found (before the oldest segment), corrupt (file and offset in the detail), io.
  Result<std::optional<JournalRecord>> next();

  /// Moves the end on: to another record that is durable by now.
  void extend(std::uint64_t through) { through_ = through; }
  std::uint64_t next_sequence() const { return next_; }

 private:
  Status load_frame();
  Status open_segment();
  Status skip_to_frame();
  Status take_frame();
  FramePlace place() const;

  Disk& disk_;
  Catalog& catalog_;
  std::uint64_t next_;
  std::uint64_t through_;

  std::optional<FrameLoader> loader_;
  SegmentHeader header_;
  std::uint64_t offset_ = 0;    // of the next frame to load
  std::uint64_t sequence_ = 0;  // of its first record
  BodyUnpacker unpacker_;
  std::vector<std::string_view> records_;
  std::uint64_t records_from_ = 0;  // sequence of records_[0]
};

}  // namespace thaw
