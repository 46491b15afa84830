#include "application/journal/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/journal/clean_mark.h"
#include "application/journal/segment_files.h"
#include "application/journal/segment_walk.h"

namespace thaw {
namespace {

struct Wanted {
  std::optional<std::uint64_t> through;
  const std::function<void(std::string_view)>& see;
};

/// Walks on until the segment ends or `through` is reached.
Status walk_segment(SegmentWalk& walk, const Wanted& wanted, VerifyReport& report) {
  Status cut;
  for (;;) {
    if (wanted.through && walk.head().sequence >= *wanted.through) return {};
    const auto frame = walk.next();
    if (!frame) return fail_with(frame);
    if (*frame) {
      cut = {};
      ++report.frames;
      report.records += (*frame)->header.record_count;
      report.head = walk.head();
      for (const std::string_view record : walk.records()) {
        if (wanted.see) wanted.see(payload_of(record));
      }
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
Result<SegmentWalk> verify_segment(Disk& disk, const std::string& name, const Wanted& wanted,
                                   std::uint64_t& incarnation, VerifyReport& report) {
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
  if (const Status done = walk_segment(*walk, wanted, report); !done) return fail_with(done);
  report.unsealed_at = walk->is_sealed() ? "" : walk->stopped();
  return walk;
}

/// What was closed in order ends a segment, and with it, if nobody has written since, the journal.
Status check_mark(const std::optional<CleanMark>& mark, const SegmentWalk& walk) {
  if (!mark) return {};
  const bool is_its_life = walk.header().incarnation == mark->incarnation;
  if (walk.head().sequence != mark->head.sequence && !is_its_life) return {};
  if (walk.head().sequence < mark->head.sequence && walk.is_sealed()) return {};  // more follow
  if (walk.head() == mark->head && (walk.is_sealed() || !is_its_life)) return {};
  return fail_corrupt(walk.name(), walk.offset(),
                      fmt::format("the segment ends with record {}, {}; the journal was closed in "
                                  "order with record {}",
                                  walk.head().sequence, walk.is_sealed() ? "sealed" : "unsealed",
                                  mark->head.sequence));
}

Status check_end(const VerifyReport& report, const std::string& folder, std::uint64_t known) {
  if (report.head.sequence >= known) return {};
  return fail(ErrorCode::corrupt, fmt::format("{}: the journal ends with record {}, before {}",
                                              folder, report.head.sequence, known));
}

}  // namespace

Result<VerifyReport> verify_journal(Disk& disk, const std::string& folder,
                                    std::optional<std::uint64_t> through,
                                    const std::function<void(std::string_view)>& see) {
  // Before the segments: a writer may close the journal meanwhile. Of a damaged one last: it hides
  // no damage of theirs.
  const auto loaded_mark = load_clean_mark(disk, folder);
  const std::optional<CleanMark> mark = loaded_mark.value_or(std::nullopt);
  Result<std::vector<std::string>> names = list_segments(disk, folder);
  if (!names) return fail_with(names);
  VerifyReport report;
  std::uint64_t incarnation = 0;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const auto walk = verify_segment(disk, (*names)[i], {through, see}, incarnation, report);
    if (!walk) return fail_with(walk);
    if (through && report.head.sequence >= *through) return report;
    if (const Status same = check_mark(mark, *walk); !same) return fail_with(same);
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
  const std::uint64_t known = std::max(through.value_or(0), mark ? mark->head.sequence : 0);
  if (const Status reached = check_end(report, folder, known); !reached) return fail_with(reached);
  if (!loaded_mark) return fail_with(loaded_mark);
  return report;
}

}  // namespace thaw
