#pragma once

#include "application/engine/key_filter.h"
#include "application/engine/row_cache.h"

namespace thaw {

/// What the writer keeps to itself, so that it seldom has to ask the index. One thread.
struct WriterMemory {
  RowCache members;      // rows of members as last read or staged: what is here is newest
  KeyFilter identities;  // of all that were staged since the start
  bool has_every_identity = false;  // and of all that the index had then
};

}  // namespace thaw
