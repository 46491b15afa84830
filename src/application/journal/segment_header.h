#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "application/journal/frame.h"
#include "base/result.h"

namespace thaw {

/// The first block of a segment: where it stands in the journal, and the incarnation of all its
/// frames. Durable before any frame of it is written (docs/formats/journal.md, "Segment").
struct SegmentHeader {
  std::uint64_t incarnation = 0;
  std::uint64_t first_sequence = 1;
  std::uint64_t base_position = 0;  // bytes of all frames before this segment
  JournalHash chain{};              // of the last frame before this segment

  /// Where in the file the frame at `position` begins.
  std::uint64_t offset_of(std::uint64_t position) const {
    return kJournalBlock + (position - base_position);
  }

  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

/// One block.
std::string store_segment_header(const SegmentHeader& header);

/// Errors: corrupt, unsupported.
Result<SegmentHeader> parse_segment_header(std::string_view block);

/// "00000000000000000001.segment": twenty digits, so that byte order is the order of sequences.
std::string segment_name(std::uint64_t first_sequence);
/// Nothing for names that are not those of segments.
std::optional<std::uint64_t> parse_segment_name(std::string_view name);

}  // namespace thaw
