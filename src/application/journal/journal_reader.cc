#include "application/journal/journal_reader.h"

#include <fmt/format.h>

namespace thaw {

Result<std::optional<JournalRecord>> JournalReader::next() {
  if (next_ > through_) return std::nullopt;
  if (next_ < records_from_ || next_ >= records_from_ + records_.size()) {
    if (const Status loaded = load_frame(); !loaded) {
      records_.clear();
      loader_.reset();
      return fail_with(loaded);
    }
  }
  const std::string_view record = records_[next_ - records_from_];
  return JournalRecord{next_++, payload_of(record)};
}

Status JournalReader::load_frame() {
  if (!loader_) {
    if (const Status opened = open_segment(); !opened) return opened;
    if (const Status skipped = skip_to_frame(); !skipped) return skipped;
  }
  return take_frame();
}

Status JournalReader::open_segment() {
  const std::optional<Catalog::Place> place = catalog_.find(next_);
  if (!place || next_ == 0) {
    return fail(ErrorCode::not_found, fmt::format("record {} is older than the oldest segment, "
                                                  "which begins with record {}",
                                                  next_, catalog_.first_sequence()));
  }
  Result<FrameLoader> loader = FrameLoader::open(disk_, place->name);
  if (!loader) return fail_with(loader);
  loader_.emplace(std::move(*loader));
  header_ = place->header;
  offset_ = place->offset;
  sequence_ = place->sequence;
  return {};
}

FramePlace JournalReader::place() const {
  return {header_.incarnation, sequence_, header_.base_position + (offset_ - kJournalBlock)};
}

/// Hops over frames by their headers alone, up to the one that holds the record wanted.
Status JournalReader::skip_to_frame() {
  for (;;) {
    const Result<FrameHeader> frame = loader_->load_header(offset_);
    if (!frame) return fail_with(frame);
    if (frame->place != place()) {
      return fail_corrupt(loader_->name(), offset_, "a frame of another place stands there");
    }
    if (frame->kind == FrameKind::seal || next_ < sequence_ + frame->record_count) return {};
    offset_ += frame->frame_bytes();
    sequence_ += frame->record_count;
    catalog_.note(sequence_, offset_);
  }
}

Status JournalReader::take_frame() {
  Result<LoadedFrame> frame = loader_->load(offset_);
  if (frame && frame->header.place == place() && frame->header.kind == FrameKind::seal) {
    // The record is in the next segment, else the caller asked beyond the durable end.
    const std::string sealed = loader_->name();
    const std::uint64_t seal_offset = offset_;
    if (const Status opened = open_segment(); !opened) return opened;
    if (sequence_ != next_ || loader_->name() == sealed) {
      return fail_corrupt(sealed, seal_offset,
                          fmt::format("the segment ends before record {}", next_));
    }
    frame = loader_->load(offset_);
  }
  if (!frame) return fail_with(frame);
  if (frame->header.place != place()) {
    return fail_corrupt(loader_->name(), offset_, "a frame of another place stands there");
  }
  const std::uint32_t count = frame->header.record_count;
  const auto body = unpacker_.unpack(frame->header, frame->body());
  if (!body || !split_records(*body, count, records_) || next_ < sequence_ ||
      next_ >= sequence_ + count) {
    return fail_corrupt(loader_->name(), offset_, "the frame's records are not what it says");
  }
  records_from_ = sequence_;
  offset_ += frame->header.frame_bytes();
  sequence_ += count;
  return {};
}

}  // namespace thaw
