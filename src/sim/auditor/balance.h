#pragma once

#include <cstdint>

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// What a verdict is made of. SPEC §2.5, §2.6.
struct Balance {
  std::int64_t instant = 0;
  std::int64_t settled = 0;
  std::int64_t confirmed = 0;  // of `instant`
  std::int64_t withdrawn_in_window = 0;
  std::int64_t withdrawn_in_grace = 0;
  std::int64_t loaded_in_grace = 0;  // docs/adr/0021

  // Held value, docs/adr/0034: what it could turn out to be, for and against the member.
  std::int64_t could_add = 0;       // to the loads
  std::int64_t could_take = 0;      // from them
  std::int64_t could_withdraw = 0;  // beside what was withdrawn
  std::int64_t could_return_in_window = 0;
  std::int64_t could_return_in_grace = 0;
  std::int64_t could_return_in_either = 0;
};

/// Sums up the member's settled items for one of its windows.
Balance sum_up(const Book& book, const MemberPart& part, const Window& window);

}  // namespace thaw::audit
