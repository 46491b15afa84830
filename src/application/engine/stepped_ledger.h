#pragma once

#include "application/engine/engine.h"

namespace thaw {

/// The engine as a Ledger for one thread, which does the writer's and the indexer's steps itself:
/// for tools, tests and the simulator.
class SteppedLedger final : public Ledger {
 public:
  explicit SteppedLedger(Engine& engine) : engine_(engine) {}

  Result<Reply> run(const Command& command) override;
  std::vector<Result<Reply>> run_all(std::vector<Command> commands) override;
  void read(const std::function<void(StateView&)>& reader) override { engine_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override {
    return engine_.records_after(sequence, limit);
  }

 private:
  Engine& engine_;
};

}  // namespace thaw
