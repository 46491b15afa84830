#include "application/journal/recovery.h"

#include <fmt/format.h>

#include "application/journal/segment_files.h"
#include "application/journal/segment_walk.h"
#include "application/journal/segment_writer.h"

namespace thaw {
namespace {

constexpr std::uint64_t kCopyChunk = 1ULL << 20;

/// The last segment, whose end has to be found.
struct LastSegment {
  SegmentInfo info;
  std::uint64_t offset = 0;  // of its end
  bool is_exact = false;     // sealed, and nothing behind the seal
  std::string cut;
};

Result<LastSegment> walk_last(Disk& disk, const std::string& name) {
  Result<SegmentWalk> walk = SegmentWalk::open(disk, name);
  if (!walk) return fail_with(walk);
  for (;;) {
    const auto frame = walk->next();
    if (!frame) return fail_with(frame);
    if (!*frame) break;
  }
  LastSegment last{{name, walk->header(), walk->head(), walk->is_sealed()},
                   walk->offset(),
                   walk->is_sealed() && walk->file_bytes() == walk->offset() + kJournalBlock,
                   {}};
  if (walk->is_sealed()) return last;
  if (const Status cut = walk->check_cut(); !cut) return fail_with(cut);
  const Result<bool> is_zero = walk->is_rest_zero();
  if (!is_zero) return fail_with(is_zero);
  if (!*is_zero) last.cut = walk->stopped();
  return last;
}

Status check_floor(const JournalOptions& options, const LastSegment& last) {
  if (last.info.end.sequence >= options.floor_sequence) return {};
  return fail_corrupt(last.info.name, last.offset,
                      fmt::format("the journal ends with record {}, yet record {} is known to have "
                                  "been durable",
                                  last.info.end.sequence, options.floor_sequence));
}

/// The mark was made by the incarnation that wrote last: then nothing may differ from it. By an
/// earlier one: then the journal must have had that chain there.
Status check_mark(const CleanMark& mark, const std::vector<SegmentInfo>& segments,
                  const LastSegment& last) {
  const SegmentInfo& info = last.info;
  const bool is_latest = mark.incarnation >= info.header.incarnation;
  const bool is_same =
      mark.incarnation == info.header.incarnation && last.is_exact && mark.head == info.end;
  if (is_latest ? !is_same : mark.head.sequence > info.end.sequence) {
    return fail_corrupt(
        info.name, last.offset,
        fmt::format("the journal ends with record {}, incarnation {}; it was closed "
                    "in order with record {}, incarnation {}",
                    info.end.sequence, info.header.incarnation, mark.head.sequence,
                    mark.incarnation));
  }
  for (const SegmentInfo& segment : segments) {
    if (segment.header.first_sequence != mark.head.sequence + 1) continue;
    if (segment.header.chain == mark.head.chain) continue;
    return fail_corrupt(segment.name, 0, "the chain differs from when it was closed in order");
  }
  return {};
}

/// What the last segment shows may be in the page cache only: a failed sync drops pages, and shows
/// them still. So its frames are written once more, to a new file, which takes its place.
Status rewrite(Disk& disk, const JournalOptions& options, const LastSegment& last) {
  const std::uint64_t frames_bytes = last.offset - kJournalBlock;
  Result<FrameLoader> source = FrameLoader::open(disk, last.info.name);
  if (!source) return fail_with(source);
  Result<SegmentWriter> copy = SegmentWriter::create(disk, options.folder, last.info.header,
                                                     segment_bytes_for(frames_bytes));
  if (!copy) return fail_with(copy);
  for (std::uint64_t done = 0; done < frames_bytes;) {
    const std::uint64_t length = std::min(kCopyChunk, frames_bytes - done);
    const Result<std::string_view> bytes = source->load_bytes(kJournalBlock + done, length);
    if (!bytes) return fail_with(bytes);
    if (bytes->size() < length) {
      return fail_corrupt(last.info.name, kJournalBlock + done, "the file became shorter");
    }
    if (const Status written = copy->append(*bytes); !written) return written;
    done += length;
  }
  FrameBuilder builder;
  if (const Status sealed = copy->seal(builder, last.info.end); !sealed) return sealed;
  return copy->publish();
}

Result<RecoveredJournal> recover_nothing(const JournalOptions& options,
                                         const std::optional<CleanMark>& mark) {
  const std::uint64_t known =
      std::max(options.floor_sequence, mark ? mark->head.sequence : std::uint64_t{0});
  if (known == 0 && !mark) return RecoveredJournal{};
  return fail(ErrorCode::corrupt,
              fmt::format("{}: there is no segment, yet record {} is known to have been durable",
                          options.folder, known));
}

}  // namespace

Result<RecoveredJournal> recover_journal(Disk& disk, const JournalOptions& options) {
  const auto mark = load_clean_mark(disk, options.folder);
  if (!mark) return fail_with(mark);
  const Result<std::vector<std::string>> names = list_segments(disk, options.folder);
  if (!names) return fail_with(names);
  if (names->empty()) return recover_nothing(options, *mark);
  RecoveredJournal recovered;
  std::vector<SegmentInfo>& segments = recovered.segments;
  for (std::size_t i = 0; i + 1 < names->size(); ++i) {
    Result<SegmentInfo> sealed = load_sealed_segment(disk, (*names)[i]);
    if (!sealed) return fail_with(sealed);
    segments.push_back(std::move(*sealed));
  }
  Result<LastSegment> last = walk_last(disk, names->back());
  if (!last) return fail_with(last);
  segments.push_back(last->info);
  if (segments.front().header.first_sequence > options.needed_from_sequence) {
    return fail_corrupt(
        segments.front().name, 0,
        fmt::format("the journal begins with record {}, but is needed from {}",
                    segments.front().header.first_sequence, options.needed_from_sequence));
  }
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const SegmentInfo& before = segments[i - 1];
    const Status follows =
        check_follows(before.header.incarnation, before.end, segments[i].name, segments[i].header);
    if (!follows) return fail_with(follows);
  }
  if (const Status floor = check_floor(options, *last); !floor) return fail_with(floor);
  const bool has_mark = mark->has_value();
  if (has_mark) {
    if (const Status same = check_mark(**mark, segments, *last); !same) return fail_with(same);
  }
  recovered.end = last->info.end;
  recovered.incarnation = last->info.header.incarnation;
  recovered.cut = last->cut;
  if (last->info.end.sequence < last->info.header.first_sequence) {
    segments.pop_back();  // without records: the new segment will have its name, and replace it
    return recovered;
  }
  const bool is_trusted = has_mark && (*mark)->incarnation == recovered.incarnation;
  if (!is_trusted) {
    if (const Status done = rewrite(disk, options, *last); !done) return fail_with(done);
  }
  segments.back().is_sealed = true;
  return recovered;
}

}  // namespace thaw
