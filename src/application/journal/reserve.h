#pragma once

#include "application/journal/journal_types.h"
#include "application/ports/disk.h"

namespace thaw {

// A file that only takes room: on a full disk an operator gives it up, and the start that follows
// can rewrite the journal's tail and make a segment.

/// In the data folder: "journal.reserve".
std::string reserve_name(const JournalOptions& options);

/// Takes the room if it is not taken. Errors: no_space (nothing is left behind), io.
Status make_reserve(Disk& disk, const JournalOptions& options);
/// Gives the room up; success also if there is none. Errors: io.
Status release_reserve(Disk& disk, const JournalOptions& options);

}  // namespace thaw
