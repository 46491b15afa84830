#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/zones/date_zones.h"
#include "application/ports/ledger.h"
#include "sim/workload/world.h"

namespace thaw {

/// An expected file of a window, as far as it has come (SPEC §2.6, "Awaiting settlement").
struct AwaitedFileArrival {
  std::string file_id;  // the provider's; empty: it never came
  Instant accepted_at = Instant::max();
  std::uint64_t accepted = UINT64_MAX;  // sequence of the record that says so
  std::uint64_t applied = UINT64_MAX;   // sequence of the log record that says so
};

/// When the expected files came, read from SPEC and the log: the first accepted one of each
/// business date counts.
class FileArrivals {
 public:
  FileArrivals(const World& world, const std::vector<LogRecord>& log);

  /// Those of a window: of the business dates from that of the enrolment to the second after that
  /// of the window's end.
  std::vector<AwaitedFileArrival> find(Instant enrolled_at, Instant ends_at) const;

 private:
  using Day = std::pair<std::string, std::int64_t>;                    // provider, day since 1970
  std::int64_t day_of(Instant at, const std::string& provider) const;  // local to the provider

  DateZones zones_;
  std::map<std::string, std::string> zone_of_;  // providers
  std::vector<std::string> expected_;           // providers
  std::map<Day, AwaitedFileArrival> first_;
};

}  // namespace thaw
