#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace thaw {

/// Local calendars. Local times are resolved once, at the edge; the domain sees instants only.
/// Implementations are safe for use from several threads.
class Zones {
 public:
  virtual ~Zones() = default;
  /// False for a name that the zone data does not know.
  virtual bool knows(std::string_view zone) const = 0;
  /// The instant at which the local date begins. A zone that `knows` is required.
  virtual Instant start_of(CivilDate date, std::string_view zone) const = 0;
  virtual CivilDate date_of(Instant at, std::string_view zone) const = 0;
  /// Version of the zone data, stored with what was resolved by it.
  virtual std::string data_version() const = 0;
};

}  // namespace thaw
