#pragma once

#include <functional>

#include "application/ports/ledger.h"
#include "base/random.h"

namespace thaw {

/// A ledger in which other work gets its turn between the commands of a long one, as it does in the
/// server's lanes.
class BetweenLedger final : public Ledger {
 public:
  BetweenLedger(Ledger& inner, std::uint64_t seed, std::function<void()> between)
      : inner_(inner), random_(seed), between_(std::move(between)) {}

  Result<Reply> run(const Command& command) override {
    take_turn();
    return inner_.run(command);
  }
  std::vector<Result<Reply>> run_all(std::vector<Command> commands) override;
  void read(const std::function<void(StateView&)>& reader) override { inner_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override {
    return inner_.records_after(sequence, limit);
  }

 private:
  void take_turn() {
    if (random_.chance(1, 4)) between_();
  }

  Ledger& inner_;
  Random random_;
  std::function<void()> between_;
};

}  // namespace thaw
