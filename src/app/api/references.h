#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/api/body.h"
#include "domain/rows.h"

namespace thaw::api {

using HashReference = std::function<std::string(std::string_view)>;

/// `[{"type","value"}]`: each value leaves the door as a keyed hash only. Faults go to the reader.
std::vector<ReferenceKey> read_references(BodyReader& body, const char* name,
                                          const HashReference& hash);

bool is_reference_type(std::string_view type);

}  // namespace thaw::api
