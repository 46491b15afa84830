#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "application/journal/journal_types.h"
#include "application/ports/disk.h"

namespace thaw {

/// Says where the journal ended when it was last closed in order. It stays true for ever, so it
/// stays there: a journal that ends before it, or that had another chain there, has lost something.
struct CleanMark {
  std::uint64_t incarnation = 0;
  JournalHead head;

  friend bool operator==(const CleanMark&, const CleanMark&) = default;
};

/// In the data folder, beside the journal's.
std::string clean_mark_name(const std::string& folder);

/// Nothing if there is none. Errors: corrupt, unsupported, io.
Result<std::optional<CleanMark>> load_clean_mark(Disk& disk, const std::string& folder);
/// Replaces the mark, durably. Errors: no_space, io.
Status store_clean_mark(Disk& disk, const std::string& folder, const CleanMark& mark);

}  // namespace thaw
