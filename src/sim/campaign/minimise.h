#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sim/workload/world.h"

namespace thaw {

/// The kind of a complaint: its words, without what has a digit (ids, numbers, times).
std::string kind_of(std::string_view complaint);

/// Runs a world of the seed: its first complaint; empty: every promise held.
using FindComplaint = std::function<std::string(const WorldOptions&)>;

/// The smallest world found whose first complaint is of the same kind: members are left out, then
/// messages. `complaint` is that of `world`. Runs at most 1,500 worlds.
WorldOptions minimise_world(std::uint64_t seed, WorldOptions world, std::string_view complaint,
                            const FindComplaint& find_complaint);

}  // namespace thaw
