#pragma once

#include "application/dispatch/dispatcher.h"

namespace thaw {

/// Looks again at every enrolment that waits for files, or is in review for want of one, whenever a
/// file has been applied (SPEC §2.6, "Awaiting settlement").
class SettlementWaits final : public Consumer {
 public:
  explicit SettlementWaits(Ledger& ledger) : ledger_(ledger) {}

  const std::string& name() const override;
  Status handle(const LogRecord& record) override;

 private:
  Status look_again(const FileEventFacts& file);
  Ledger& ledger_;
};

}  // namespace thaw
