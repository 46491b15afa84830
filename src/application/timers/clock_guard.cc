#include "application/timers/clock_guard.h"

#include "domain/commands.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr Duration kNoteEvery = Duration::hours(1);

}  // namespace

Result<bool> ClockGuard::allows_timers() {
  const ClockReading reading = read_();
  const bool is_due = noted_at_ms_ < 0 || reading.since_boot_ms - noted_at_ms_ >= kNoteEvery.ms;
  if (is_held_) {
    is_held_ = load_watch().is_held;  // until a person has looked
    if (is_held_) return false;
    trusted_ = load_watch().trusted;
  }
  if (is_due || is_step(trusted_, reading)) return note(reading);
  return true;
}

Result<bool> ClockGuard::note(const ClockReading& reading) {
  const auto noted = ledger_.run(Command{NoteClock{reading}, {}, false, {}});
  if (!noted) return fail_with(noted);
  noted_at_ms_ = reading.since_boot_ms;
  const ClockWatch watch = load_watch();
  trusted_ = watch.trusted;
  is_held_ = watch.is_held;
  return !is_held_;
}

ClockWatch ClockGuard::load_watch() {
  ClockWatch watch;
  ledger_.read([&](StateView& view) {
    if (const auto row = view.find(keys::clock())) {
      watch = decode<ClockWatch>(row->bytes).value_or(ClockWatch{});
    }
  });
  return watch;
}

}  // namespace thaw
