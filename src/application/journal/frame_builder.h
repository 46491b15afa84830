#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "application/journal/body_packing.h"
#include "application/journal/frame.h"
#include "application/journal/hash.h"

namespace thaw {

/// Makes the bytes of frames in a buffer of its own, kept from one to the next. One thread.
class FrameBuilder {
 public:
  /// A frame of `records`, whose sizes with four bytes each must not exceed kFrameBodyBytesMax.
  /// The bytes are good until the next call.
  std::string_view build(std::span<const std::string_view> records, const FramePlace& place,
                         const JournalHash& chain_before);
  /// The frame that ends a segment of `record_count` records.
  std::string_view build_seal(const FramePlace& place, std::uint32_t record_count,
                              const JournalHash& chain);
  /// Of the last frame built.
  const FrameHeader& header() const { return header_; }

 private:
  void set_body(std::uint64_t plain_bytes);
  void zero_padding();

  Hasher hasher_;
  BodyPacker packer_;
  std::vector<char> plain_;  // both only grow, unless a group was huge
  std::vector<char> buffer_;
  std::vector<JournalHash> leaves_;
  FrameHeader header_;
};

}  // namespace thaw
