#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "application/ports/ledger.h"
#include "sim/disk/sim_disk.h"

namespace thaw {

/// What may go wrong in a store, drawn for each seed.
struct StoreFaults {
  std::uint64_t crashes_per_thousand = 0;  // commands, about
  std::uint64_t conflicts_per_thousand = 0;
  std::uint64_t damage_per_hundred = 0;  // restarts; a third of them find bytes changed at rest
  DiskFaults disk;
};

/// A ledger whose process dies at drawn moments. From then on every call fails until `restart`;
/// `read` shows what was last seen, for the auditor.
class SimStore : public Ledger {
 public:
  /// Says what was reached: `sometimes` points.
  using Note = std::function<void(const char* point)>;

  virtual void set_faults(const StoreFaults& faults) = 0;
  /// What gets in between a command's decision and its write, where the store can tell them apart.
  virtual void set_intruder(std::function<void()>) {}
  virtual bool is_down() const = 0;
  /// Why it did not come up again, or came up with less than it had acknowledged; empty: it did.
  virtual std::string restart() = 0;
  /// The process is killed now.
  virtual void kill() = 0;
  virtual SimDisk& disk() = 0;
  /// Deaths so far.
  virtual std::int64_t crashes() const = 0;

  /// What a backup would hold now, up to the log sequence returned; a store without a disk has
  /// none. The process is up.
  virtual std::optional<std::uint64_t> take_backup() { return std::nullopt; }
  /// The process dies, and its folder becomes what it was at the backup. False: there is none.
  virtual bool restore_backup() { return false; }
};

}  // namespace thaw
