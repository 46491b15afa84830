#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace thaw {

/// Reads all files of the index and checks every checksum in them; changes nothing, and may run
/// beside the process that has the index open. The position that is durable in it; nothing if there
/// is no index, which the next start makes. Errors: corrupt (`thaw rebuild-index` makes it anew),
/// io.
Result<std::optional<std::uint64_t>> verify_rocksdb_index(const std::string& path);

}  // namespace thaw
