#include "domain/taking_in.h"

#include "domain/expiring.h"
#include "domain/keys.h"

namespace thaw {
namespace {

/// A webhook line again: a duplicate. A file's record again: its application was resumed.
Placed answer_again(Work& work, const Line& line, const std::string& key) {
  if (line.path == Path::webhook) return Placed::duplicate;
  return work.find<LineRow>(key).value_or(LineRow{.outcome = Placed::duplicate}).outcome;
}

}  // namespace

const ReferenceClaim* find_claim(const Reference& reference, const Line& line) {
  const Instant at = line.file ? line.file->stands_at : line.time.from;
  for (const ReferenceClaim& claim : reference.claims) {
    if (at >= claim.from && at < claim.until) return &claim;
  }
  return nullptr;
}

void write_file_line(Work& work, const Line& line, FileLine entry) {
  if (!line.file) return;
  entry.line_number = line.file->line_number;
  entry.txn_id = line.txn_id;
  work.put(keys::file_line(line.file->file, line.file->line_number), entry);
}

Placed take_in(Work& work, MemberWork& member, const Line& line) {
  const MemberId& id = member.member().id;
  const std::string key = keys::line(id, line);
  Placed outcome = Placed::kept;
  if (member.add(line)) {
    outcome = member.settle().front();
    if (outcome == Placed::kept) list_kept(work, line, {.member = id, .line_key = key});
  } else {
    if (member.must_settle()) member.settle();
    outcome = answer_again(work, line, key);
  }
  write_file_line(work, line, {.member = id, .line_key = key, .outcome = outcome});
  return outcome;
}

}  // namespace thaw
