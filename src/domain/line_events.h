#pragma once

#include "domain/state.h"

namespace thaw {

/// Emits what happened to a line: recorded, or moved from where `before` says that it stood.
void emit_line_event(Work& work, const MemberId& member, const std::string& key, const LineRow& row,
                     const LineRow* before);

}  // namespace thaw
