#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "application/journal/frame.h"
#include "application/journal/segment_header.h"
#include "application/ports/disk.h"

namespace thaw {

/// A frame read from disk, its checksums right. The bytes are the loader's, until its next call.
struct LoadedFrame {
  FrameHeader header;
  std::string_view bytes;  // with header and padding

  /// As stored: BodyUnpacker gives the records.
  std::string_view body() const { return bytes.substr(kFrameHeaderBytes, header.body_bytes); }
};

/// `corrupt`, naming file and offset.
std::unexpected<Error> fail_corrupt(const std::string& name, std::uint64_t offset,
                                    std::string_view what);

/// Reads frames of one file, into a buffer that is kept. One thread.
class FrameLoader {
 public:
  /// Errors: not_found, io.
  static Result<FrameLoader> open(Disk& disk, const std::string& name);

  const std::string& name() const { return name_; }
  /// Bytes, when it was opened; the writer may cut the room behind a seal afterwards.
  std::uint64_t file_bytes() const { return file_bytes_; }

  // Errors of all: corrupt (the bytes there are none such), unsupported, io. Only corrupt says
  // anything about the bytes.
  Result<SegmentHeader> load_segment_header();
  Result<FrameHeader> load_header(std::uint64_t offset);
  Result<LoadedFrame> load(std::uint64_t offset);
  /// Fewer bytes than asked for only at the end of the file.
  Result<std::string_view> load_bytes(std::uint64_t offset, std::uint64_t bytes);

 private:
  FrameLoader(std::unique_ptr<DiskFile> file, std::string name, std::uint64_t file_bytes);

  std::unique_ptr<DiskFile> file_;
  std::string name_;
  std::uint64_t file_bytes_;
  std::vector<char> buffer_;
};

}  // namespace thaw
