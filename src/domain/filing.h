#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// Accepts a settlement file at one instant. The same file again is `repeated` with its first
/// outcomes; the provider's file id with other content is `file_id_conflict`.
WriteSet accept_file(Work& work, const AcceptFile& command);

/// Marks a file as wholly applied, so that enrolments need no longer wait for it.
WriteSet finish_file(Work& work, const FinishFile& command);

/// Opens a case and reverses nothing (SPEC §2.4).
WriteSet report_gone(Work& work, const ReportGone& command);

}  // namespace thaw
