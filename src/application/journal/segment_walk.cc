#include "application/journal/segment_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw {
namespace {

constexpr std::uint64_t kChunk = 1ULL << 20;

}  // namespace

SegmentWalk::SegmentWalk(FrameLoader loader, SegmentHeader header)
    : loader_(std::move(loader)),
      header_(header),
      head_{header.first_sequence - 1, header.base_position, header.chain} {}

Result<SegmentWalk> SegmentWalk::open(Disk& disk, const std::string& name) {
  Result<FrameLoader> loader = FrameLoader::open(disk, name);
  if (!loader) return fail_with(loader);
  const Result<SegmentHeader> header = loader->load_segment_header();
  if (!header) return fail_with(header);
  if (!name.ends_with(segment_name(header->first_sequence)) || header->first_sequence == 0) {
    return fail_corrupt(
        name, 0,
        fmt::format("its header is that of the segment from sequence {}", header->first_sequence));
  }
  return SegmentWalk(std::move(*loader), *header);
}

FramePlace SegmentWalk::place() const {
  return {header_.incarnation, head_.sequence + 1, head_.position};
}

Result<std::optional<LoadedFrame>> SegmentWalk::stop(const std::string& why) {
  stopped_ = why;
  return std::nullopt;
}

Result<std::optional<LoadedFrame>> SegmentWalk::next() {
  if (is_sealed_) return std::nullopt;
  stopped_.clear();
  const Result<LoadedFrame> frame = loader_.load(offset());
  if (!frame) {
    if (frame.error().code == ErrorCode::corrupt) return stop(frame.error().detail);
    return fail_with(frame);
  }
  // A whole frame of another place is left to check_cut: stale bytes, or damage.
  if (frame->header.place != place()) return stop("a frame of another place stands there");
  if (frame->header.kind == FrameKind::seal) {
    if (const Status checked = check_seal(frame->header); !checked) return fail_with(checked);
    is_sealed_ = true;
    return std::nullopt;
  }
  if (const Status checked = check_chain(*frame); !checked) return fail_with(checked);
  head_ = {head_.sequence + frame->header.record_count,
           head_.position + frame->header.frame_bytes(), frame->header.chain};
  return *frame;
}

Status SegmentWalk::check_chain(const LoadedFrame& frame) {
  const auto body = unpacker_.unpack(frame.header, frame.body());
  if (frame.header.record_count == 0 || !body ||
      !split_records(*body, frame.header.record_count, records_)) {
    return fail_corrupt(name(), offset(), "the frame's records are not as many as it says");
  }
  leaves_.clear();
  for (const std::string_view record : records_) leaves_.push_back(hasher_->hash({record}));
  if (hasher_->merkle_root(leaves_) != frame.header.merkle_root) {
    return fail_corrupt(name(), offset(), "the frame's records do not have its Merkle root");
  }
  if (chain_hash(*hasher_, head_.chain, frame.bytes.data()) != frame.header.chain) {
    return fail_corrupt(name(), offset(), "the frame's hash does not continue the chain");
  }
  return {};
}

Status SegmentWalk::check_seal(const FrameHeader& seal) {
  const std::uint64_t count = head_.sequence + 1 - header_.first_sequence;
  if (seal.record_count != count || seal.chain != head_.chain) {
    return fail_corrupt(name(), offset(), "the seal is not that of the records before it");
  }
  return {};
}

Status SegmentWalk::check_cut() {
  const std::uint64_t cut = offset();
  for (std::uint64_t chunk = cut; chunk < loader_.file_bytes(); chunk += kChunk) {
    const Result<std::string_view> bytes = loader_.load_bytes(chunk, kChunk);
    if (!bytes) return fail_with(bytes);
    for (std::uint64_t at = 0; at < bytes->size(); at += kJournalBlock) {
      const Result<FrameHeader> found = parse_frame_header(bytes->substr(at));
      if (!found) continue;
      // Older frames are stale bytes in room that was used before. The frame of this very place is
      // the one that was being written.
      if (found->place.incarnation != header_.incarnation) continue;
      if (found->place.sequence <= head_.sequence) continue;
      if (chunk + at == cut && found->place == place()) continue;
      return fail_corrupt(name(), cut,
                          fmt::format("{}; yet the frame of sequence {} follows at {}", stopped_,
                                      found->place.sequence, chunk + at));
    }
  }
  return {};
}

Result<bool> SegmentWalk::is_rest_zero() {
  const std::uint64_t from = offset() + (is_sealed_ ? kJournalBlock : 0);
  for (std::uint64_t chunk = from; chunk < loader_.file_bytes(); chunk += kChunk) {
    const Result<std::string_view> bytes = loader_.load_bytes(chunk, kChunk);
    if (!bytes) return fail_with(bytes);
    if (std::any_of(bytes->begin(), bytes->end(), [](char c) { return c != 0; })) return false;
  }
  return true;
}

}  // namespace thaw
