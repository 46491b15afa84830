#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// An item on which the process died three times becomes a dead letter and a case (DESIGN §2,
/// "Poison"); its worker goes on with the others.
WriteSet set_aside(Work& work, const SetAside& command);

/// Gives one dead letter back to its consumer, and closes its case. Redriven effects obey the rules
/// of all others: a reward is asked for before it is sent (SPEC §2.7).
WriteSet redrive(Work& work, const Command& command, const RedriveDeadLetter& which);

/// All dead letters of a consumer that lie there now, one a step. Takes two persons.
WriteSet redrive_all(Work& work, const Command& command, const RedriveAll& which);

}  // namespace thaw
