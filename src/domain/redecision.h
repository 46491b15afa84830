#pragma once

#include "domain/standing.h"
#include "domain/state.h"

namespace thaw {

/// Called whenever the lines of a decided enrolment have changed: `standing` is over all
/// lines, without the cut-off, `index` the enrolment's place in it. If the verdict would flip,
/// either a revision falls due
/// (`Enrolment::revision_cause`, a timer at once) or a `revision` case is opened, by SPEC §2.6. If
/// it would no longer flip, an open revision case closes by itself. `known_at`: when what changed
/// them was known, which says whether it was within `late_until`.
void consider_revision(Work& work, const Member& member, Enrolment& enrolment,
                       const CampaignRules& rules, const Standing& standing, std::size_t index,
                       Instant known_at);

/// Lets a revision fall due now: the timer carries it out, also after a crash.
void request_revision(Work& work, const MemberId& member, Enrolment& enrolment, std::string cause,
                      std::vector<std::string> people);

}  // namespace thaw
