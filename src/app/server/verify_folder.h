#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "application/journal/verify.h"
#include "base/result.h"

namespace thaw {

/// What is in a data folder, and what is wrong with it: a sentence each, with what can be done.
struct FolderReport {
  VerifyReport journal;
  std::int64_t blobs = 0;
  std::optional<std::uint64_t> index_position;  // nothing: there is no index, a start makes it
  std::vector<Error> findings;                  // empty: all is right
};

/// Reads every byte that has a checksum or a hash, by the readers that a start has: journal and its
/// mark, index, blobs, FORMAT, keys.json, reference.key. Changes nothing, and may run beside a
/// server. Errors: not_found (no such folder), io.
Result<FolderReport> verify_folder(const std::string& path);

}  // namespace thaw
