#include "sim/campaign/crashing_ledger.h"

namespace thaw {

bool CrashingLedger::draw_crash() {
  if (!random_.chance(crashes_per_thousand, 1000)) return false;
  down_ = true;
  ++crashes_;
  return true;
}

Result<Reply> CrashingLedger::run(const Command& command) {
  if (down_ || draw_crash()) return fail(ErrorCode::unavailable, "down", true);
  auto reply = inner_.run(command);
  if (draw_crash()) return fail(ErrorCode::unavailable, "down after the write", true);
  return reply;
}

Result<std::vector<LogRecord>> CrashingLedger::records_after(std::uint64_t sequence,
                                                             std::size_t limit) {
  if (down_) return fail(ErrorCode::unavailable, "down", true);
  return inner_.records_after(sequence, limit);
}

}  // namespace thaw
