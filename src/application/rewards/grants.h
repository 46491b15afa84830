#pragma once

#include <functional>

#include "application/dispatch/dispatcher.h"

namespace thaw {

/// Turns verdicts into rewards: a qualified window is requested, one revised to not_qualified is
/// withdrawn. `notice` is told of each window whose reward has something new to do.
class Grants final : public Consumer {
 public:
  Grants(Ledger& ledger, std::function<void(const WindowId&)> notice)
      : ledger_(ledger), notice_(std::move(notice)) {}

  const std::string& name() const override;
  Status handle(const LogRecord& record) override;

 private:
  Ledger& ledger_;
  std::function<void(const WindowId&)> notice_;
};

}  // namespace thaw
