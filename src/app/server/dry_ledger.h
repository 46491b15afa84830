#pragma once

#include <functional>
#include <map>
#include <string>

#include "application/ports/ledger.h"

namespace thaw {

/// Decides commands as the real ledger would and keeps what they write to itself: what a file would
/// do, without doing it. Not thread-safe. Memory grows with what is written.
class DryLedger final : public Ledger {
 public:
  using Read = std::function<void(const std::function<void(StateView&)>&)>;
  DryLedger(Read read, Instant now) : read_(std::move(read)), now_(now) {}

  Result<Reply> run(const Command& command) override;
  void read(const std::function<void(StateView&)>& reader) override;
  Result<std::vector<LogRecord>> records_after(std::uint64_t, std::size_t) override {
    return std::vector<LogRecord>{};
  }

 private:
  class View;
  Read read_;
  Instant now_;
  std::map<std::string, RowWrite> written_;
  std::uint64_t sequence_ = 1ULL << 62;  // beyond every real one
};

}  // namespace thaw
