#include "application/journal/segment_files.h"

#include <fmt/format.h>

#include "application/journal/frame_loader.h"

namespace thaw {

Result<std::vector<std::string>> list_segments(Disk& disk, const std::string& folder) {
  const Result<std::vector<std::string>> names = disk.list(folder);
  if (!names && names.error().code != ErrorCode::not_found) return fail_with(names);
  std::vector<std::string> segments;
  if (!names) return segments;
  for (const std::string& name : *names) {
    if (parse_segment_name(name)) segments.push_back(folder + "/" + name);
  }
  return segments;
}

Result<SegmentInfo> load_sealed_segment(Disk& disk, const std::string& name) {
  Result<FrameLoader> loader = FrameLoader::open(disk, name);
  if (!loader) return fail_with(loader);
  const Result<SegmentHeader> header = loader->load_segment_header();
  if (!header) return fail_with(header);
  if (!name.ends_with(segment_name(header->first_sequence))) {
    return fail_corrupt(
        name, 0,
        fmt::format("its header is that of the segment from sequence {}", header->first_sequence));
  }
  const std::uint64_t bytes = loader->file_bytes();
  const std::uint64_t offset = bytes < 2 * kJournalBlock ? bytes : bytes - kJournalBlock;
  const Result<LoadedFrame> frame = loader->load(offset);
  if (!frame && frame.error().code != ErrorCode::corrupt) return fail_with(frame);
  if (!frame || frame->header.kind != FrameKind::seal) {
    return fail_corrupt(name, offset, "no seal ends the segment, though another follows it");
  }
  const FrameHeader& seal = frame->header;
  if (seal.place.incarnation != header->incarnation ||
      seal.place.sequence != header->first_sequence + seal.record_count ||
      header->offset_of(seal.place.position) != offset) {
    return fail_corrupt(name, offset, "the seal is not that of this segment");
  }
  return SegmentInfo{
      name, *header, {seal.place.sequence - 1, seal.place.position, seal.chain}, true};
}

Status check_follows(std::uint64_t incarnation, const JournalHead& end, const std::string& name,
                     const SegmentHeader& next) {
  if (next.first_sequence != end.sequence + 1) {
    return fail_corrupt(name, 0,
                        fmt::format("the segment begins with record {}, the one before ends with "
                                    "record {}",
                                    next.first_sequence, end.sequence));
  }
  if (next.base_position != end.position || next.chain != end.chain ||
      next.incarnation < incarnation) {
    return fail_corrupt(name, 0, "the segment does not continue the one before it");
  }
  return {};
}

}  // namespace thaw
