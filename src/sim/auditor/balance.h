#pragma once

#include <cstdint>

#include "sim/auditor/settling.h"

namespace thaw::audit {

/// Held value: what SPEC plainly counts as such, and what a reader may count or not.
struct Held {
  std::int64_t plain = 0;
  std::int64_t arguable = 0;

  std::int64_t up_to(bool with_arguable) const { return with_arguable ? plain + arguable : plain; }
};

/// What a verdict is made of. SPEC §2.5, §2.6.
struct Balance {
  std::int64_t instant = 0;
  std::int64_t settled = 0;
  std::int64_t withdrawn_in_window = 0;
  std::int64_t withdrawn_in_grace = 0;
  std::int64_t loaded_in_grace = 0;  // docs/adr/0021

  Held loads;                 // would lift the total
  Held grace_loads;           // would set off withdrawals made in grace
  Held reversals;             // would drop it
  Held withdrawals;           // would drop it
  Held less_drawn_in_window;  // withdrawals that may be smaller: would lift it
  Held less_drawn_in_grace;
  OpenQuestions open;  // why value is arguable
};

/// Sums up the member's settled items for one of its windows.
Balance sum_up(const Book& book, const MemberPart& part, const Window& window);

}  // namespace thaw::audit
