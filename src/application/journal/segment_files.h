#pragma once

#include <string>
#include <vector>

#include "application/journal/catalog.h"
#include "application/ports/disk.h"

namespace thaw {

/// Segments of the folder with their folder in front, oldest first; none if there is no folder.
Result<std::vector<std::string>> list_segments(Disk& disk, const std::string& folder);

/// A segment that another follows, from its header and seal alone. Errors: corrupt (no right seal
/// ends it), unsupported, io.
Result<SegmentInfo> load_sealed_segment(Disk& disk, const std::string& name);

/// Fails as corrupt unless the segment `name` with `next` as its header goes on where the one of
/// `incarnation` ended.
Status check_follows(std::uint64_t incarnation, const JournalHead& end, const std::string& name,
                     const SegmentHeader& next);

}  // namespace thaw
