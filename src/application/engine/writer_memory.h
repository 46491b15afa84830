#pragma once

#include <span>

#include "application/engine/key_filter.h"
#include "application/engine/lanes.h"
#include "application/engine/row_cache.h"

namespace thaw {

/// What the writer keeps to itself, so that it seldom has to ask the index. One thread.
struct WriterMemory {
  RowCache members;      // rows of members as last read or staged: what is here is newest
  KeyFilter identities;  // of all that were staged since the start
  bool has_every_identity = false;  // and of all that the index had then
};

/// Of so many commands at once, what is fetched stays in the nearest cache until it is used.
inline constexpr std::size_t kPrefetchedAtOnce = 32;

/// Begins to fetch what loads among the commands, of which only the first are looked at, will ask
/// for: together, where else each waits for main memory by itself.
void prefetch_for(const WriterMemory& memory, std::span<const QueuedPtr> commands);

}  // namespace thaw
