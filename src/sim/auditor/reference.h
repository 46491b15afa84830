#pragma once

#include <string>
#include <string_view>

#include "sim/auditor/auditor.h"

namespace thaw::audit {

/// True if such a reference could be claimed at all; others are `held:malformed_reference`
/// (SPEC §2.4, docs/adr/0029).
bool is_well_formed(std::string_view type, std::string_view value);

/// The claim of the reference that holds at the instant; nothing: nobody's does. SPEC §2.2.
const Claim* find_claim(const History& history, std::string_view type, std::string_view value,
                        Instant at);

}  // namespace thaw::audit
