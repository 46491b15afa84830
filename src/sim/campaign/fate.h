#pragma once

#include <optional>

#include "base/random.h"
#include "sim/campaign/mail.h"
#include "sim/points/sim_points.h"
#include "sim/store/sim_store.h"
#include "sim/workload/world.h"

namespace thaw {

/// What goes wrong in one world, and when. Drawn anew for each seed, many kinds not at all: faults
/// that drown each other find less.
struct Fate {
  StoreFaults store_faults;
  MailFaults mail_faults;
  PointsFaults points_faults;
  std::optional<Instant> clock_steps_at;
  std::optional<Instant> clock_mended_at;  // some hours after it stepped
  std::optional<Instant> backup_at;
  std::optional<Instant> restore_at;  // of that backup, hours later
  Instant partner_out_from = Instant::max();
  Instant partner_out_until = Instant::max();

  static Fate draw(Random& random, const World& world);
};

}  // namespace thaw
