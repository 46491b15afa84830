#pragma once

#include "application/ports/zones.h"

namespace thaw {

/// Zones of the system's zone data, through Howard Hinnant's date library. Thread-safe.
class DateZones final : public Zones {
 public:
  bool knows(std::string_view zone) const override;
  Instant start_of(CivilDate date, std::string_view zone) const override;
  CivilDate date_of(Instant at, std::string_view zone) const override;
  std::string data_version() const override;
};

}  // namespace thaw
