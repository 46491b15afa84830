#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/journal/catalog.h"
#include "application/journal/clean_mark.h"
#include "application/journal/journal_types.h"
#include "application/ports/disk.h"

namespace thaw {

struct RecoveredJournal {
  std::vector<SegmentInfo> segments;  // all sealed, and durable
  JournalHead end;
  std::uint64_t incarnation = 0;  // the highest in use
  std::string cut;                // what was cut off, and where; empty: nothing
};

/// Brings the journal's files into order for a writer (docs/formats/journal.md, "Recovery"): finds
/// the end, decides what is a cut and what is corruption, and rewrites the last segment if its
/// bytes may be no more than the page cache's. Changes nothing if it refuses; may be broken off at
/// any moment and done again. Errors: corrupt (file and offset in the detail), unsupported,
/// no_space, io.
Result<RecoveredJournal> recover_journal(Disk& disk, const JournalOptions& options);

}  // namespace thaw
