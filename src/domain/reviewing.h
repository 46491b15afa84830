#pragma once

#include <span>
#include <vector>

#include "domain/awaiting.h"
#include "domain/standing.h"
#include "domain/state.h"

namespace thaw {

// An enrolment in review, and the cases that keep it there (SPEC §2.6).

/// Opens a case for each missing file, or each held line of the verdict. Those of a file are shared
/// by all enrolments that wait for it.
void open_blocking_cases(Work& work, const MemberId& member, Enrolment& enrolment,
                         std::span<const DecisionLine> lines);

/// Closes the cases of files that have been applied.
void close_arrived(Work& work, Enrolment& enrolment, const Awaited& awaited);

/// Opens the cases of files that a review waits for, where there is none yet.
void open_file_cases(Work& work, Enrolment& enrolment, std::span<const AwaitedFile> files);

/// True if held lines keep the enrolment in review.
bool is_review_of_held(const Enrolment& enrolment);

/// Called whenever the lines of such an enrolment have changed; `lines` with their placements.
/// Closes the cases of lines that are held no longer; when what is left can change nothing, all of
/// them, and lets the verdict fall due.
void consider_review(Work& work, const MemberId& member, Enrolment& enrolment,
                     const CampaignRules& rules, std::span<const StoredLine> lines);

}  // namespace thaw
