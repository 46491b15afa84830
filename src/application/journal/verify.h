#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "application/journal/journal_types.h"
#include "application/ports/disk.h"

namespace thaw {

struct VerifyReport {
  std::uint64_t segments = 0;
  std::uint64_t frames = 0;
  std::uint64_t records = 0;
  JournalHead head;         // of the last frame found right
  std::string unsealed_at;  // where the last segment ended without a seal, and why; empty: sealed
};

/// Reads all segments and checks every checksum, Merkle root, chain hash and seal, and the mark of
/// the last shutdown in order; changes nothing. May run beside a writer, in this process or
/// another. With `through`, a record known to be durable, the journal must reach it, and what is
/// behind it is not looked at. `see` is shown each record that was found right. Errors: corrupt
/// (the first bad place), unsupported, io.
Result<VerifyReport> verify_journal(Disk& disk, const std::string& folder,
                                    std::optional<std::uint64_t> through = std::nullopt,
                                    const std::function<void(std::string_view)>& see = {});

}  // namespace thaw
