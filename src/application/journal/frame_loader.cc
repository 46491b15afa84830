#include "application/journal/frame_loader.h"

#include <fmt/format.h>

#include "application/journal/crc32c.h"

namespace thaw {

std::unexpected<Error> fail_corrupt(const std::string& name, std::uint64_t offset,
                                    std::string_view what) {
  return fail(ErrorCode::corrupt, fmt::format("{} at {}: {}", name, offset, what));
}

namespace {

std::unexpected<Error> at_place(const std::string& name, std::uint64_t offset, Error error) {
  error.detail = fmt::format("{} at {}: {}", name, offset, error.detail);
  return std::unexpected(std::move(error));
}

}  // namespace

FrameLoader::FrameLoader(std::unique_ptr<DiskFile> file, std::string name, std::uint64_t file_bytes)
    : file_(std::move(file)), name_(std::move(name)), file_bytes_(file_bytes) {}

Result<FrameLoader> FrameLoader::open(Disk& disk, const std::string& name) {
  auto file = disk.open(name, OpenMode::read);
  if (!file) return fail_with(file);
  const Result<std::uint64_t> bytes = (*file)->size();
  if (!bytes) return fail_with(bytes);
  return FrameLoader(std::move(*file), name, *bytes);
}

Result<std::string_view> FrameLoader::load_bytes(std::uint64_t offset, std::uint64_t bytes) {
  if (buffer_.size() < bytes) buffer_.resize(bytes);
  const Result<std::size_t> length = file_->read(offset, {buffer_.data(), bytes});
  if (!length) return fail_with(length);
  return std::string_view(buffer_.data(), *length);
}

Result<SegmentHeader> FrameLoader::load_segment_header() {
  const Result<std::string_view> block = load_bytes(0, kJournalBlock);
  if (!block) return fail_with(block);
  const Result<SegmentHeader> header = parse_segment_header(*block);
  if (!header) return at_place(name_, 0, header.error());
  return *header;
}

Result<FrameHeader> FrameLoader::load_header(std::uint64_t offset) {
  const Result<std::string_view> bytes = load_bytes(offset, kFrameHeaderBytes);
  if (!bytes) return fail_with(bytes);
  const Result<FrameHeader> header = parse_frame_header(*bytes);
  if (!header) return at_place(name_, offset, header.error());
  return *header;
}

Result<LoadedFrame> FrameLoader::load(std::uint64_t offset) {
  const Result<FrameHeader> header = load_header(offset);
  if (!header) return fail_with(header);
  // Before any memory is taken: the size is only as good as the checksum of the header.
  if (offset + header->frame_bytes() > file_bytes_) {
    return fail_corrupt(name_, offset, "the frame reaches past the end of the file");
  }
  const Result<std::string_view> bytes = load_bytes(offset, header->frame_bytes());
  if (!bytes) return fail_with(bytes);
  if (bytes->size() < header->frame_bytes()) {
    return fail_corrupt(name_, offset, "the file ends within the frame");
  }
  if (crc32c(bytes->substr(kFrameHeaderBytes)) != header->body_crc) {
    return fail_corrupt(name_, offset, "the checksum of the frame's records does not match");
  }
  return LoadedFrame{*header, *bytes};
}

}  // namespace thaw
