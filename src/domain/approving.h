#pragma once

#include <string>

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// What a command does that two persons have to agree to (SPEC §3.3).
struct Proposal {
  std::string action;   // "publish"
  std::string subject;  // "cold-2025-2"
  std::string detail;   // for the person who approves
  MemberId member;      // whom it concerns; empty: nobody in particular
};

/// Puts the command by in a case until a second person agrees. Proposed again, it waits in the same
/// case; with other content, the case before is closed in favour of a new one.
WriteSet await_approval(Work& work, const Command& command, const Proposal& proposal);

}  // namespace thaw
