#include "application/journal/verify.h"

#include <fmt/format.h>

#include "application/journal/segment_files.h"
#include "application/journal/segment_walk.h"

namespace thaw {
namespace {

/// Walks on until the segment ends or `through` is reached.
Status walk_segment(SegmentWalk& walk, const std::optional<std::uint64_t>& through,
                    VerifyReport& report) {
  Status cut;
  for (;;) {
    if (through && walk.head().sequence >= *through) return {};
    const auto frame = walk.next();
    if (!frame) return fail_with(frame);
    if (*frame) {
      cut = {};
      ++report.frames;
      report.records += (*frame)->header.record_count;
      report.head = walk.head();
      continue;
    }
    if (walk.is_sealed() || !cut) return cut;
    // A writer may have finished this frame and begun the next between our two looks: so a later
    // frame is damage only if this one is still missing when looked for again.
    cut = walk.check_cut();
    if (cut) return {};
  }
}

/// The writer may have gone on to another segment since the folder was listed.
Status add_next(Disk& disk, const std::string& folder, const VerifyReport& report,
                std::vector<std::string>& names) {
  const std::string next = folder + "/" + segment_name(report.head.sequence + 1);
  if (next == names.back()) return {};  // sealed without a record
  const auto file = disk.open(next, OpenMode::read);
  if (file) names.push_back(next);
  if (!file && file.error().code != ErrorCode::not_found) return fail_with(file);
  return {};
}

/// Verifies the last of the segments seen so far; `incarnation` is that of the one before.
Result<SegmentWalk> verify_segment(Disk& disk, const std::string& name,
                                   std::optional<std::uint64_t> through, std::uint64_t& incarnation,
                                   VerifyReport& report) {
  Result<SegmentWalk> walk = SegmentWalk::open(disk, name);
  if (!walk) return fail_with(walk);
  if (report.segments == 0 && walk->header().first_sequence != 1) {
    // Nothing puts segments elsewhere yet: what is not here is nowhere.
    return fail_corrupt(name, 0,
                        fmt::format("the journal begins with record {}, not with record 1",
                                    walk->header().first_sequence));
  }
  if (report.segments > 0) {
    const Status follows = check_follows(incarnation, report.head, name, walk->header());
    if (!follows) return fail_with(follows);
  }
  ++report.segments;
  report.head = walk->head();
  incarnation = walk->header().incarnation;
  if (const Status done = walk_segment(*walk, through, report); !done) return fail_with(done);
  report.unsealed_at = walk->is_sealed() ? "" : walk->stopped();
  return walk;
}

}  // namespace

Result<VerifyReport> verify_journal(Disk& disk, const std::string& folder,
                                    std::optional<std::uint64_t> through) {
  Result<std::vector<std::string>> names = list_segments(disk, folder);
  if (!names) return fail_with(names);
  VerifyReport report;
  std::uint64_t incarnation = 0;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const auto walk = verify_segment(disk, (*names)[i], through, incarnation, report);
    if (!walk) return fail_with(walk);
    if (through && report.head.sequence >= *through) return report;
    const bool is_last = i + 1 == names->size();
    if (!walk->is_sealed() && !is_last) {
      return fail_corrupt((*names)[i], walk->offset(),
                          "no seal ends the segment, though another follows it");
    }
    if (!walk->is_sealed()) break;
    if (const Status added = is_last ? add_next(disk, folder, report, *names) : Status(); !added) {
      return fail_with(added);
    }
  }
  if (through && report.head.sequence < *through) {
    return fail(ErrorCode::corrupt, fmt::format("{}: the journal ends with record {}, before {}",
                                                folder, report.head.sequence, *through));
  }
  return report;
}

}  // namespace thaw
