#include "sim/store/crashing_ledger.h"

namespace thaw {

bool CrashingLedger::draw_crash() {
  if (!random_.chance(faults_.crashes_per_thousand, 1000)) return false;
  down_ = true;
  ++crashes_;
  return true;
}

/// What was decided before the repeat was written must not be written after it.
Result<Reply> CrashingLedger::run_against_repeat(const Command& command) {
  const MemoryLedger::Attempt attempt = inner_.start(command);
  const auto repeat = inner_.run(command);
  if (attempt.write_set.is_empty() || attempt.write_set.next || !repeat) return repeat;
  const auto late = inner_.commit(attempt);
  if (late) return late;
  note_("write conflict");
  return inner_.run(command);
}

/// Another member's command for the same budget, another message about the same one: what is due.
Result<Reply> CrashingLedger::run_against_others(const Command& command) {
  const MemoryLedger::Attempt attempt = inner_.start(command);
  if (attempt.write_set.is_empty() || attempt.write_set.next) return inner_.run(command);
  has_intruder_ = true;
  intruder_();
  has_intruder_ = false;
  if (down_) return fail(ErrorCode::unavailable, "down before the write", true);
  auto late = inner_.commit(attempt);
  if (late) return late;
  note_("write conflict with other work");
  return inner_.run(command);
}

Result<Reply> CrashingLedger::run(const Command& command) {
  if (down_ || draw_crash()) return fail(ErrorCode::unavailable, "down", true);
  // Only what comes from outside may come twice at once: thaw's own work has one worker each.
  const bool is_doubled =
      !command.principal.empty() && random_.chance(faults_.conflicts_per_thousand, 1000);
  const bool is_intruded = !command.principal.empty() && !is_doubled && intruder_ &&
                           !has_intruder_ && random_.chance(faults_.conflicts_per_thousand, 1000);
  auto reply = is_doubled    ? run_against_repeat(command)
               : is_intruded ? run_against_others(command)
                             : inner_.run(command);
  if (down_) return reply;
  if (draw_crash()) return fail(ErrorCode::unavailable, "down after the write", true);
  return reply;
}

Result<std::vector<LogRecord>> CrashingLedger::records_after(std::uint64_t sequence,
                                                             std::size_t limit) {
  if (down_) return fail(ErrorCode::unavailable, "down", true);
  return inner_.records_after(sequence, limit);
}

std::string CrashingLedger::restart() {
  disk_.restart();
  down_ = false;
  return {};
}

}  // namespace thaw
