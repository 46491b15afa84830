#pragma once

#include <string>
#include <string_view>

#include "sim/auditor/auditor.h"
#include "sim/auditor/span.h"

namespace thaw::audit {

/// True if such a reference could be claimed at all; others are `held:malformed_reference`
/// (SPEC §2.4, docs/adr/0029).
bool is_well_formed(std::string_view type, std::string_view value);

/// Whose a reference was; `is_certain` is off where its holder changed during the span.
struct Holder {
  std::string_view member;  // empty: nobody claims it
  Instant claimed_at = Instant::min();
  bool is_certain = true;
};

/// The member who holds the reference at the time of a line, SPEC §2.2.
Holder holder_of(const History& history, std::string_view type, std::string_view value,
                 const Span& span);

}  // namespace thaw::audit
