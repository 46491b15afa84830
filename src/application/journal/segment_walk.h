#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/journal/body_packing.h"
#include "application/journal/frame_loader.h"
#include "application/journal/hash.h"
#include "application/journal/journal_types.h"

namespace thaw {

/// Goes through one segment frame by frame and checks all that can be checked: place, checksums,
/// Merkle root and chain. Holds one frame at a time. One thread.
class SegmentWalk {
 public:
  /// Reads the segment's header. Errors: corrupt, unsupported, io, not_found.
  static Result<SegmentWalk> open(Disk& disk, const std::string& name);

  const std::string& name() const { return loader_.name(); }
  const SegmentHeader& header() const { return header_; }
  std::uint64_t file_bytes() const { return loader_.file_bytes(); }
  /// The end of what was walked: sequence, position and chain of the last frame.
  const JournalHead& head() const { return head_; }
  /// Of the last frame, as split_records gives them; good until the next one.
  const std::vector<std::string_view>& records() const { return records_; }
  std::uint64_t offset() const { return header_.offset_of(head_.position); }
  bool is_sealed() const { return is_sealed_; }
  /// Why `next` stopped without a seal.
  const std::string& stopped() const { return stopped_; }

  /// The next frame of records; nothing at the seal, or where no frame of this place stands: the
  /// end, a cut, or damage, which `check_cut` tells apart. Errors: corrupt (a whole frame that does
  /// not belong here), unsupported, io.
  Result<std::optional<LoadedFrame>> next();

  /// After `next` stopped without a seal: fails as corrupt if the bytes from there on cannot be a
  /// last frame that was being written, because a frame of this incarnation follows.
  Status check_cut();
  /// Whether all bytes from here, or behind the seal, are zeros.
  Result<bool> is_rest_zero();

 private:
  SegmentWalk(FrameLoader loader, SegmentHeader header);
  FramePlace place() const;
  Status check_chain(const LoadedFrame& frame);
  Status check_seal(const FrameHeader& seal);
  Result<std::optional<LoadedFrame>> stop(const std::string& why);

  FrameLoader loader_;
  SegmentHeader header_;
  JournalHead head_;
  bool is_sealed_ = false;
  std::string stopped_;
  BodyUnpacker unpacker_;
  std::unique_ptr<Hasher> hasher_ = std::make_unique<Hasher>();
  std::vector<std::string_view> records_;
  std::vector<JournalHash> leaves_;
};

}  // namespace thaw
