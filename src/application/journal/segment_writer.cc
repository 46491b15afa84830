#include "application/journal/segment_writer.h"

#include <algorithm>

namespace thaw {
namespace {

/// Room that was only taken is written to for the first time at a price: the file system journals
/// that it holds bytes now, with each sync. Zeros written ahead pay it once for many frames, which
/// halves the time of a sync.
constexpr std::uint64_t kZerosAhead = 512ULL << 10;

}  // namespace

std::string unpublished_segment_name(const std::string& folder) {
  return folder + "/new.tmp";
}

SegmentWriter::SegmentWriter(Disk& disk, const std::string& folder, const SegmentHeader& header,
                             std::unique_ptr<DiskFile> file, std::uint64_t bytes)
    : disk_(&disk),
      folder_(folder),
      name_(folder + "/" + segment_name(header.first_sequence)),
      header_(header),
      file_(std::move(file)),
      bytes_(bytes) {}

Result<SegmentWriter> SegmentWriter::create(Disk& disk, const std::string& folder,
                                            const SegmentHeader& header, std::uint64_t bytes) {
  const std::string name = unpublished_segment_name(folder);
  if (const Status removed = disk.remove(name);
      !removed && removed.error().code != ErrorCode::not_found) {
    return fail_with(removed);
  }
  auto file = disk.open(name, OpenMode::create);
  if (!file) return fail_with(file);
  Status done = (*file)->preallocate(bytes);
  if (done) done = (*file)->write(0, store_segment_header(header));
  if (!done) {
    // Best effort: what is left of it is removed before the next attempt anyhow.
    if (done.error().code == ErrorCode::no_space) (void)disk.remove(name);
    return fail_with(done);
  }
  // From here on an error is a failed sync, whatever its code: not one to try again.
  if (Status synced = (*file)->sync(); !synced) {
    synced.error().code = ErrorCode::io;
    return fail_with(synced);
  }
  return SegmentWriter(disk, folder, header, std::move(*file), bytes);
}

Status SegmentWriter::publish() {
  const Status renamed = disk_->rename(unpublished_segment_name(folder_), name_);
  if (!renamed) return renamed;
  return disk_->sync_dir(folder_);
}

Status SegmentWriter::append(std::string_view frames) {
  if (const Status written = file_->write(offset_, frames); !written) return written;
  offset_ += frames.size();
  if (offset_ <= zeros_until_) return {};
  zeros_until_ = std::min(bytes_, offset_ + kZerosAhead);
  return file_->write(offset_, std::string(zeros_until_ - offset_, '\0'));
}

Status SegmentWriter::seal(FrameBuilder& builder, const JournalHead& end) {
  const FramePlace place{header_.incarnation, end.sequence + 1, end.position};
  const auto count = static_cast<std::uint32_t>(end.sequence + 1 - header_.first_sequence);
  const Status written = append(builder.build_seal(place, count, end.chain));
  if (!written) return written;
  if (const Status cut = file_->truncate(offset_); !cut) return cut;
  return file_->sync();
}

bool SegmentWriter::has_room(std::uint64_t frame_bytes) const {
  return offset_ + frame_bytes + kJournalBlock <= bytes_;
}

}  // namespace thaw
