#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// A line that is kept, listed by the time at which it was recorded.
struct KeptEntry {
  MemberId member;         // of a member who is not enrolled; empty: under a reference
  ReferenceKey reference;  // that nobody claims
  std::string line_key;
};
template <typename Archive>
void describe(Archive& ar, KeptEntry& e) {
  ar(e.member, e.reference, e.line_key);
}

/// Lists a line that has just been kept.
void list_kept(Work& work, const Line& line, KeptEntry entry);

/// Lets the oldest kept line go if it is older than the longest published window + grace + 48 h,
/// counted from its `recorded_at` (SPEC §2.2), and goes on with the next. A line that has found its
/// place meanwhile only leaves the list. The identity stays with its holder.
WriteSet expire_kept(Work& work);

}  // namespace thaw
