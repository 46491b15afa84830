#include "sim/node/between_ledger.h"

namespace thaw {

std::vector<Result<Reply>> BetweenLedger::run_all(std::vector<Command> commands) {
  std::vector<Result<Reply>> replies;
  for (std::size_t done = 0; done < commands.size();) {
    take_turn();
    const std::size_t count = std::min<std::size_t>(1 + random_.below(3), commands.size() - done);
    std::vector<Command> some(commands.begin() + static_cast<std::ptrdiff_t>(done),
                              commands.begin() + static_cast<std::ptrdiff_t>(done + count));
    for (auto& reply : inner_.run_all(std::move(some))) replies.push_back(std::move(reply));
    done += count;
  }
  return replies;
}

}  // namespace thaw
