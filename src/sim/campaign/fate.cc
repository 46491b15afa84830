#include "sim/campaign/fate.h"

namespace thaw {
namespace {

/// In a third of the worlds none.
std::uint64_t draw(Random& random, std::uint64_t most) {
  return random.chance(1, 3) ? 0 : random.below(most + 1);
}

/// Of 10,000 calls. In one world of sixteen the disk is rotten; a process on it hardly starts.
std::uint32_t draw_rate(Random& random, std::uint64_t most, std::uint64_t most_when_rotten) {
  return static_cast<std::uint32_t>(draw(random, random.chance(1, 16) ? most_when_rotten : most));
}

DiskFaults draw_disk(Random& random) {
  DiskFaults disk;
  disk.failed_write = draw_rate(random, 10, 1'000);
  disk.failed_sync = draw_rate(random, 10, 1'000);
  disk.failed_sync_dir = draw_rate(random, 20, 20);
  disk.failed_read = draw_rate(random, 3, 1'000);
  disk.failed_other = draw_rate(random, 10, 10);
  if (random.chance(1, 4)) disk.misdirected_write = draw_rate(random, 10, 1'000);
  disk.full = draw_rate(random, 20, 20);
  disk.stale_room = random.chance(1, 2);
  return disk;
}

/// When a verdict falls, or some minutes later: points are asked for then.
Instant draw_verdict(Random& random, const World& world) {
  const auto& enrolments = world.history.enrolments;
  const audit::Enrolment& one = enrolments[random.below(enrolments.size())];
  const audit::Rules& rules = world.history.rules[one.rules];
  return one.enrolled_at + rules.window + rules.grace + Duration::seconds(random.between(0, 900));
}

}  // namespace

Fate Fate::draw(Random& random, const World& world) {
  Fate fate;
  fate.store_faults.crashes_per_thousand = thaw::draw(random, 5);
  fate.store_faults.conflicts_per_thousand = thaw::draw(random, 80);
  fate.store_faults.damage_per_hundred = thaw::draw(random, 30);
  fate.store_faults.disk = draw_disk(random);
  fate.mail_faults.lost = thaw::draw(random, 30);
  fate.mail_faults.answer_lost = thaw::draw(random, 20);
  fate.mail_faults.delayed = thaw::draw(random, 30);
  fate.mail_faults.doubled = thaw::draw(random, 30);
  fate.points_faults.never_sent = thaw::draw(random, 20);
  fate.points_faults.before_acting = thaw::draw(random, 20);
  fate.points_faults.after_acting = thaw::draw(random, 20);
  fate.points_faults.act_late = thaw::draw(random, 20);
  fate.points_faults.refuse_for_now = thaw::draw(random, 15);
  fate.points_faults.refuse_access = thaw::draw(random, 5);
  const std::int64_t length = world.ends_at.ms - world.starts_at.ms;
  const auto draw_instant = [&] {
    return world.starts_at + Duration::milliseconds(random.between(0, length));
  };
  if (random.chance(1, 3)) fate.clock_steps_at = draw_instant();
  if (random.chance(1, 4)) {
    fate.backup_at = draw_instant();
    fate.restore_at = *fate.backup_at + Duration::minutes(random.between(1, 10 * 60));
  }
  if (random.chance(1, 3)) {
    fate.partner_out_from = random.chance(1, 2) ? draw_instant() : draw_verdict(random, world);
    fate.partner_out_until = fate.partner_out_from + Duration::hours(random.between(1, 40));
  }
  return fate;
}

}  // namespace thaw
