#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// SPEC §2.2: one per member and campaign, ever. A repeat with the same content answers `repeated`
/// with the enrolment as it was first answered; other content is a conflict.
WriteSet enrol(Work& work, const Enrol& command);

/// Before the decision only: ends the timer, gives no decision, gives the budget share back.
WriteSet cancel_enrolment(Work& work, const CancelEnrolment& command);

/// Claims and ends references. A claim that overlaps another's, or the member's own, is a conflict.
/// Lines kept under a claimed reference are placed by the chain that follows.
WriteSet change_references(Work& work, const Command& command, const ChangeReferences& change);

}  // namespace thaw
