#pragma once

#include <set>
#include <string>

#include "sim/auditor/auditor.h"

namespace thaw {

/// Says what a history reached with its lines (`sometimes` points): records without an id of their
/// own, a date that lies otherwise to a window than it would in the campaign's zone, one that a
/// change of clocks made longer or shorter.
void note_lines(const audit::History& history, std::set<std::string>& reached);

}  // namespace thaw
