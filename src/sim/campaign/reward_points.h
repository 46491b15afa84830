#pragma once

#include <set>
#include <string>

#include "sim/campaign/books.h"

namespace thaw {

/// Notes the rarer ways that rewards have gone: `sometimes` points. `fence`: as it is at rest.
void note_rewards(const Books& books, const Fence& fence, std::set<std::string>& reached);

}  // namespace thaw
