#pragma once

#include "application/ports/ledger.h"
#include "base/random.h"

namespace thaw {

/// A ledger whose process dies at drawn moments: before a command's write, or after it and before
/// its answer. From then on every call fails until `restart`.
class CrashingLedger final : public Ledger {
 public:
  CrashingLedger(Ledger& inner, std::uint64_t seed) : inner_(inner), random_(seed) {}

  std::uint64_t crashes_per_thousand = 0;

  Result<Reply> run(const Command& command) override;
  void read(const std::function<void(StateView&)>& reader) override { inner_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t sequence, std::size_t limit) override;

  bool is_down() const { return down_; }
  void restart() { down_ = false; }
  std::int64_t crashes() const { return crashes_; }

 private:
  bool draw_crash();

  Ledger& inner_;
  Random random_;
  bool down_ = false;
  std::int64_t crashes_ = 0;
};

}  // namespace thaw
