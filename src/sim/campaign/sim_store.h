#pragma once

#include <cstdint>

#include "application/ports/ledger.h"

namespace thaw {

/// A ledger whose process dies at drawn moments. From then on every call fails until `restart`;
/// `read` shows what was last seen, for the auditor.
class SimStore : public Ledger {
 public:
  /// Of a thousand commands, about.
  std::uint64_t crashes_per_thousand = 0;

  virtual bool is_down() const = 0;
  /// False: it did not come up again, which is a violation.
  virtual bool restart() = 0;
  virtual std::int64_t crashes() const = 0;
};

}  // namespace thaw
