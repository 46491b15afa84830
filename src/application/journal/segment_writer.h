#pragma once

#include <memory>
#include <string>

#include "application/journal/frame_builder.h"
#include "application/journal/journal_types.h"
#include "application/journal/segment_header.h"
#include "application/ports/disk.h"

namespace thaw {

/// A segment being filled. It is made under a passing name, and gets its own only by `publish`,
/// when its room is taken and its header durable. After any error it must not be used again. One
/// thread.
class SegmentWriter {
 public:
  /// Takes the room and writes the header durably. Errors: no_space (before anything was synced;
  /// the file is removed again), io.
  static Result<SegmentWriter> create(Disk& disk, const std::string& folder,
                                      const SegmentHeader& header, std::uint64_t bytes);

  /// Renames the file to its name, durably. Replaces a file of that name.
  Status publish();
  /// Writes bytes of whole frames behind those before them; in a new segment, of any kind.
  Status append(std::string_view frames);
  /// Makes what was appended durable.
  Status sync() { return file_->sync(); }
  /// Ends the segment at `end`: writes the seal, cuts the room behind it, syncs.
  Status seal(FrameBuilder& builder, const JournalHead& end);

  const std::string& name() const { return name_; }
  const SegmentHeader& header() const { return header_; }
  std::uint64_t offset() const { return offset_; }
  /// Whether a frame of so many bytes fits, and the seal behind it.
  bool has_room(std::uint64_t frame_bytes) const;

 private:
  SegmentWriter(Disk& disk, const std::string& folder, const SegmentHeader& header,
                std::unique_ptr<DiskFile> file, std::uint64_t bytes);

  Disk* disk_;
  std::string folder_;
  std::string name_;
  SegmentHeader header_;
  std::unique_ptr<DiskFile> file_;
  std::uint64_t bytes_;
  std::uint64_t offset_ = kJournalBlock;
  std::uint64_t zeros_until_ = 0;  // written with zeros, so that a frame only overwrites
};

/// Bytes of a segment that holds frames of so many bytes: with its header and seal.
inline constexpr std::uint64_t segment_bytes_for(std::uint64_t frames_bytes) {
  return frames_bytes + 2 * kJournalBlock;
}

/// The name that a segment of `folder` has before it is published.
std::string unpublished_segment_name(const std::string& folder);

}  // namespace thaw
