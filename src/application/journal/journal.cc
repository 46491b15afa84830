#include "application/journal/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/journal/clean_mark.h"
#include "base/check.h"

namespace thaw {

Journal::Journal(Disk& disk, JournalOptions options, const RecoveredJournal& recovered)
    : disk_(disk),
      options_(std::move(options)),
      incarnation_(recovered.incarnation + 1),
      recovered_cut_(recovered.cut),
      written_(recovered.end),
      durable_(recovered.end),
      last_sequence_(recovered.end.sequence) {
  for (const SegmentInfo& segment : recovered.segments) catalog_.add(segment);
}

Result<std::unique_ptr<Journal>> Journal::open(Disk& disk, JournalOptions options) {
  if (const Status made = disk.make_dir(options.folder); !made) return fail_with(made);
  if (const Status synced = disk.sync_dir(""); !synced) return fail_with(synced);
  const Result<RecoveredJournal> recovered = recover_journal(disk, options);
  if (!recovered) return fail_with(recovered);
  std::unique_ptr<Journal> journal(new Journal(disk, std::move(options), *recovered));
  if (const Status begun = journal->begin(); !begun) return fail_with(begun);
  return journal;
}

Result<SegmentWriter> Journal::create_segment(std::uint64_t frame_bytes) {
  const SegmentHeader header{incarnation_, written_.sequence + 1, written_.position,
                             written_.chain};
  const std::uint64_t bytes = std::max(options_.segment_bytes, segment_bytes_for(frame_bytes));
  return SegmentWriter::create(disk_, options_.folder, header, bytes);
}

/// The new incarnation is durable, in the header of its first segment, before any frame uses it.
Status Journal::begin() {
  Result<SegmentWriter> segment = create_segment(kJournalBlock);
  if (!segment) return fail_with(segment);
  return install(std::move(*segment));
}

Status Journal::install(SegmentWriter segment) {
  if (const Status published = segment.publish(); !published) return published;
  segment_.emplace(std::move(segment));
  catalog_.add({segment_->name(), segment_->header(), written_, false});
  return {};
}

/// The new segment's room comes first: a full disk is found while the old one can still be used.
/// The old one's seal is durable before the new one has its name: so that only the last segment can
/// lack a seal.
Status Journal::roll_over(std::uint64_t frame_bytes) {
  Result<SegmentWriter> next = create_segment(frame_bytes);
  if (!next && next.error().code == ErrorCode::no_space) return fail_with(next);
  if (!next) return poison(next.error());
  if (written_.sequence >= segment_->header().first_sequence) {
    const Status sealed = segment_->seal(builder_, written_);
    if (!sealed) return poison(sealed.error());
    catalog_.seal_last(written_);
  }
  const Status installed = install(std::move(*next));
  if (!installed) return poison(installed.error());
  return {};
}

std::unexpected<Error> Journal::poison(const Error& error) {
  poisoned_by_ = error.detail;
  poisoned_.store(true, std::memory_order_release);
  // To callers no_space means that nothing was written and a later group may succeed: not so here.
  return fail(error.code == ErrorCode::no_space ? ErrorCode::io : error.code, error.detail);
}

Status Journal::check_usable() const {
  if (!is_poisoned()) return {};
  return fail(ErrorCode::unavailable,
              "the journal takes no more records in this process: " + poisoned_by_);
}

Result<GroupReceipt> Journal::append(std::span<const std::string_view> records) {
  if (const Status usable = check_usable(); !usable) return fail_with(usable);
  CHECK(!is_sync_due_);
  std::uint64_t body_bytes = 0;
  for (const std::string_view record : records) body_bytes += 4 + record.size();
  if (records.empty() || body_bytes > kFrameBodyBytesMax) {
    return fail(ErrorCode::invalid,
                fmt::format("a group of {} records, {} bytes", records.size(), body_bytes));
  }
  const FrameHeader sizes{.body_bytes = static_cast<std::uint32_t>(body_bytes)};
  if (!segment_->has_room(sizes.frame_bytes())) {
    const Status rolled = roll_over(sizes.frame_bytes());
    if (!rolled) return fail_with(rolled);
  }
  const FramePlace place{incarnation_, written_.sequence + 1, written_.position};
  const std::string_view frame = builder_.build(records, place, written_.chain);
  frame_offset_ = segment_->offset();
  if (const Status done = segment_->append(frame); !done) return poison(done.error());
  is_sync_due_ = true;
  written_ = {written_.sequence + records.size(), written_.position + frame.size(),
              builder_.header().chain};
  return GroupReceipt{place.sequence, written_.sequence, written_};
}

Status Journal::sync() {
  if (const Status usable = check_usable(); !usable) return usable;
  if (!is_sync_due_) return {};
  if (const Status synced = segment_->sync(); !synced) return poison(synced.error());
  is_sync_due_ = false;
  const std::uint64_t first = builder_.header().place.sequence;
  catalog_.note(first, frame_offset_);
  {
    const std::scoped_lock lock(head_mutex_);
    durable_ = written_;
  }
  last_sequence_.store(written_.sequence, std::memory_order_release);
  return {};
}

Result<GroupReceipt> Journal::append_group(std::span<const std::string_view> records) {
  const Result<GroupReceipt> receipt = append(records);
  if (!receipt) return receipt;
  if (const Status synced = sync(); !synced) return fail_with(synced);
  return receipt;
}

Status Journal::close() {
  if (const Status synced = sync(); !synced) return synced;
  if (const Status done = segment_->seal(builder_, written_); !done) return poison(done.error());
  catalog_.seal_last(written_);
  (void)poison({ErrorCode::unavailable, "it was closed"});
  return store_clean_mark(disk_, options_.folder, {incarnation_, written_});
}

JournalHead Journal::head() const {
  const std::scoped_lock lock(head_mutex_);
  return durable_;
}

Result<std::vector<std::pair<std::uint64_t, std::string>>> Journal::read_after(
    std::uint64_t sequence, std::size_t limit) {
  std::vector<std::pair<std::uint64_t, std::string>> records;
  JournalReader reader = open_reader(sequence + 1);
  while (records.size() < limit) {
    const auto record = reader.next();
    if (!record) return fail_with(record);
    if (!*record) break;
    records.emplace_back((*record)->sequence, std::string((*record)->payload));
  }
  return records;
}

}  // namespace thaw
