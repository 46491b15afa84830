#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "application/journal/hash.h"
#include "base/result.h"

namespace thaw {

// docs/formats/journal.md, "Frame". Sizes and offsets are bytes.

/// Frames begin and end at multiples of this, so that writing one never touches a page that holds
/// an earlier one.
inline constexpr std::uint64_t kJournalBlock = 4096;
inline constexpr std::uint16_t kJournalFormat = 1;
inline constexpr std::size_t kFrameHeaderBytes = 128;
/// A group's records with their sizes, before they are packed.
inline constexpr std::uint64_t kFrameBodyBytesMax = 256ULL << 20;

enum class FrameKind : std::uint16_t {
  records = 1,
  seal = 2,  // ends a segment; no records of its own
};

/// What a frame must say of itself to be the one that belongs here.
struct FramePlace {
  std::uint64_t incarnation = 0;
  std::uint64_t sequence = 0;  // of its first record; of a seal: of the record after it
  std::uint64_t position = 0;  // where the frame before it ends, in bytes of all frames before

  friend bool operator==(const FramePlace&, const FramePlace&) = default;
};

struct FrameHeader {
  FrameKind kind = FrameKind::records;
  FramePlace place;
  std::uint32_t body_bytes = 0;    // as stored
  std::uint32_t plain_bytes = 0;   // of a packed body once unpacked; zero: it is stored plain
  std::uint32_t record_count = 0;  // of a seal: of the whole segment
  std::uint32_t body_crc = 0;      // of body as stored, and padding
  JournalHash merkle_root{};
  JournalHash chain{};

  /// On disk, with header and padding.
  std::uint64_t frame_bytes() const;

  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

/// Writes the first kFrameHeaderBytes of a frame.
void store_frame_header(char* at, const FrameHeader& header);

/// Errors: corrupt (these bytes are no frame header), unsupported (one of a newer version).
Result<FrameHeader> parse_frame_header(std::string_view bytes);

/// The chain hash of the frame whose stored header begins with `header_bytes`.
JournalHash chain_hash(Hasher& hasher, const JournalHash& before, const char* header_bytes);

/// Views of the records in a frame's body, each with its size in front as it was hashed; false if
/// the body is not so many records.
bool split_records(std::string_view body, std::uint32_t count,
                   std::vector<std::string_view>& records);

/// Takes the size off a record as `split_records` gave it.
inline std::string_view payload_of(std::string_view record) {
  return record.substr(4);
}

}  // namespace thaw
