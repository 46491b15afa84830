#pragma once

#include <vector>

#include "application/ports/index.h"

namespace thaw {

/// Sorts by key, in byte order; each key is there once. Keys of a kind begin alike and lie all over
/// memory, so that comparing them whole costs a miss of the cache each time: a few bytes of each,
/// from where they begin to differ, are sorted beside a pointer, and then those that were alike.
void sort_by_key(std::vector<IndexWrite>& writes);

}  // namespace thaw
