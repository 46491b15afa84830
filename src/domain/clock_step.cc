#include "domain/clock_step.h"

#include <fmt/format.h>

#include "domain/approving.h"
#include "domain/commands.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr Duration kTolerated = Duration::seconds(60);

}  // namespace

Duration measure_step(const ClockReading& trusted, const ClockReading& now) {
  if (now.boot.empty() || now.boot != trusted.boot) return {};
  const Instant expected =
      trusted.wall + Duration::milliseconds(now.since_boot_ms - trusted.since_boot_ms);
  return now.wall - expected;
}

bool is_step(const ClockReading& trusted, const ClockReading& now) {
  return measure_step(trusted, now) > kTolerated;
}

WriteSet note_clock(Work& work, const NoteClock& command) {
  ClockWatch watch = work.find<ClockWatch>(keys::clock()).value_or(ClockWatch{});
  if (watch.is_held) return work.finish({.code = ReplyCode::repeated});
  if (is_step(watch.trusted, command.reading)) {
    watch.is_held = true;
    watch.held_since = work.recorded_at();
    watch.ahead = measure_step(watch.trusted, command.reading);
  } else {
    watch.trusted = command.reading;
  }
  work.put(keys::clock(), watch);
  return work.finish({});
}

WriteSet release_clock(Work& work, const Command& command, const ReleaseClock& release) {
  ClockWatch watch = work.find<ClockWatch>(keys::clock()).value_or(ClockWatch{});
  if (!watch.is_held) return work.finish({.code = ReplyCode::repeated});
  if (command.needs_second_person) {
    return await_approval(
        work, command,
        {.action = "unfence",
         .subject = "clock",
         .detail =
             fmt::format("let timers fire: the clock was set {} s ahead at {}",
                         watch.ahead.ms / Duration::seconds(1).ms, to_rfc3339(watch.held_since)),
         .member = {}});
  }
  watch = {release.reading, false, {}, {}};
  work.put(keys::clock(), watch);
  return work.finish({});
}

}  // namespace thaw
