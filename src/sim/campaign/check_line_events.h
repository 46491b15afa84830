#pragma once

#include <vector>

#include "application/ports/ledger.h"
#include "sim/campaign/books.h"

namespace thaw {

/// SPEC §2.4: a settled delayed load notifies its member. Each load of a delayed rail that is
/// counted from a file is told as `LoadSettled`, to its member, and nothing else is.
void check_line_events(const std::vector<LogRecord>& log, const Complain& complain);

}  // namespace thaw
