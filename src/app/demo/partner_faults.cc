#include "app/demo/partner_faults.h"

#include "app/demo/schedule.h"

namespace thaw::demo {

std::string points_faults_at(Instant slot) {
  if (slot < at_utc(4, 4) || slot >= at_utc(4, 9)) return "{}";
  // A fault a day, so that each stands out in the attempts of that day's rewards.
  const CivilDate day = civil_from_days(slot.ms / Duration::days(1).ms);
  switch (day.day) {
    case 4: return R"({"seed":4,"percent":{"error":25,"error_after":10},"status":503})";
    case 5: return R"({"seed":5,"percent":{"drop_before":8,"drop_after":12}})";
    case 6:
      return R"({"seed":6,"percent":{"timeout_before":2,"timeout_after":3},"timeout_ms":900})";
    case 7: return R"({"seed":7,"percent":{"error":30},"status":429,"retry_after":120})";
    default: return R"({"seed":8,"percent":{"unreadable_after":15,"error":5},"status":500})";
  }
}

}  // namespace thaw::demo
