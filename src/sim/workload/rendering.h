#pragma once

#include <string>
#include <vector>

#include "domain/commands.h"
#include "sim/workload/world.h"

namespace thaw {

// What is sent, in the form in which thaw takes it: what the HTTP door makes of a body, and the
// bytes of a settlement file.

Command to_command(const World& world, const EnrolCall& call);
Command to_command(const World& world, const ClaimCall& call);
Command to_command(const World& world, const EndClaimCall& call);
Command to_command(const World& world, const CancelCall& call);
Command to_command(const World& world, const HoldCall& call);
/// One command an event.
std::vector<Command> to_commands(const World& world, const WebhookCall& call);
/// A thaw-csv file.
std::string to_csv(const World& world, const FileCall& call);

/// The keyed hash of a reference, as the simulated door makes it.
std::string hash_simulated_reference(std::string_view form);
ReferenceKey to_key(const audit::Claim& claim);

}  // namespace thaw
