#pragma once

#include "domain/files.h"
#include "domain/member_work.h"
#include "domain/rows.h"
#include "domain/state.h"

namespace thaw {

/// Who holds a reference at the time of the line; null: nobody.
const ReferenceClaim* find_claim(const Reference& reference, const Line& line);

/// Writes the record's entry in the list of its file; a webhook line has none.
void write_file_line(Work& work, const Line& line, FileLine entry);

/// Adds a line to the member's, places everything, and lists the line where its kind is listed: in
/// its file, and among the kept. Returns where it stands.
Placed take_in(Work& work, MemberWork& member, const Line& line);

}  // namespace thaw
