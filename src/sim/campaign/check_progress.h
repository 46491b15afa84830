#pragma once

#include <vector>

#include "application/ports/ledger.h"
#include "sim/auditor/auditor.h"
#include "sim/campaign/books.h"

namespace thaw {

/// Reads the log once more, and asks the auditor of each enrolment as it stood right before each of
/// its verdicts: what the app showed then (totals, and where each line stands, both kept up to date
/// line by line), and whether a revision, which takes in all lines of its day, is right. `trace` is
/// told of the lines of one that is not.
void check_progress(const std::vector<LogRecord>& log, const audit::History& history,
                    const Complain& complain, const Complain& trace);

}  // namespace thaw
