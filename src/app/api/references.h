#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/api/body.h"
#include "domain/commands.h"

namespace thaw::api {

using HashReference = std::function<std::string(std::string_view)>;

/// `[{"type","value"}]`: each value leaves the door as a keyed hash only. Faults go to the reader.
std::vector<ReferenceKey> read_references(BodyReader& body, const char* name,
                                          const HashReference& hash);

/// Claims and ends of references: each item has `from` and `until` besides, an instant or a date
/// alone, whose local day it begins with. An item with `until` alone ends a claim.
struct ReferenceChanges {
  std::vector<ReferenceChange> claims;
  std::vector<ReferenceChange> ends;
};
ReferenceChanges read_reference_changes(BodyReader& body, const char* name,
                                        const HashReference& hash,
                                        const std::function<Instant(CivilDate)>& start_of_day);

bool is_reference_type(std::string_view type);

}  // namespace thaw::api
