#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "application/journal/journal_types.h"
#include "application/journal/segment_header.h"

namespace thaw {

struct SegmentInfo {
  std::string name;  // with its folder
  SegmentHeader header;
  JournalHead end;  // of its last frame; of the segment being written: at creation
  bool is_sealed = false;
};

/// Which segment holds which records, and where in it some of the frames begin: about one in
/// 256 KiB, noted as they are written or found. Thread-safe.
class Catalog {
 public:
  struct Place {
    std::string name;
    SegmentHeader header;
    std::uint64_t offset = 0;    // of a frame at or before the one asked for
    std::uint64_t sequence = 0;  // of that frame's first record
  };

  /// Segments come in order; one of the same first sequence replaces the last.
  void add(SegmentInfo segment);
  void seal_last(const JournalHead& end);
  /// A frame of the record `sequence` begins at `offset`; kept if none near is known.
  void note(std::uint64_t sequence, std::uint64_t offset);

  /// Nothing if `sequence` is before the first segment.
  std::optional<Place> find(std::uint64_t sequence) const;
  /// Of the oldest record there is; one more than the last if there is none.
  std::uint64_t first_sequence() const;
  std::vector<SegmentInfo> segments() const;

 private:
  struct Entry {
    SegmentInfo segment;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> frames;  // sequence and offset, ascending
  };

  const Entry* find_entry(std::uint64_t sequence) const;

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace thaw
