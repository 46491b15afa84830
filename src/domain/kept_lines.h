#pragma once

#include "domain/state.h"

namespace thaw {

/// Places some of the lines that waited for what has come since: a claim of the reference under
/// which they are kept, or the record that they name. Goes on until none is left.
WriteSet place_kept_lines(Work& work);

}  // namespace thaw
