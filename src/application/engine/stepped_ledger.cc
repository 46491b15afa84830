#include "application/engine/stepped_ledger.h"

namespace thaw {

Result<Reply> SteppedLedger::run(const Command& command) {
  return run_all({command}).front();
}

std::vector<Result<Reply>> SteppedLedger::run_all(std::vector<Command> commands) {
  const Error unanswered{ErrorCode::unavailable, "not answered", true};
  std::vector<Result<Reply>> replies(commands.size(), std::unexpected(unanswered));
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto done = [&replies, i](Result<Reply> reply) { replies[i] = std::move(reply); };
    while (!engine_.submit(Lane::requests, commands[i], done)) {
      if (!engine_.write_step() || !engine_.index_step()) return replies;
    }
  }
  while (engine_.has_work()) {
    if (!engine_.write_step()) return replies;
    if (engine_.is_overlay_full() && !engine_.index_step()) return replies;
  }
  return replies;
}

}  // namespace thaw
