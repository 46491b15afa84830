#pragma once

#include <string>
#include <vector>

#include "application/ports/ledger.h"
#include "sim/workload/world.h"

namespace thaw {

// A run in words, for whoever reads its trace: a line each.

/// What a message asks for or says: "enrol M3 in cold", "webhook: load cardco/p17 AUD 120.00 …".
std::string tell(const World& world, const Message& message);

/// What a committed record says by its events: verdicts, where lines stand, rewards, files, cases.
std::vector<std::string> tell(const LogRecord& record);

}  // namespace thaw
