#include "application/timers/timer_driver.h"

#include "domain/keys.h"

namespace thaw {

std::vector<TimerDriver::Due> TimerDriver::find_due(Instant now) const {
  std::string from;
  {
    const std::scoped_lock lock(mutex_);
    from = cursor_.empty() ? keys::timers() : cursor_ + '\0';
  }
  std::vector<Due> found;
  read_([&](StateView& view) {
    // Most looks find nothing: one row tells so, and a batch is read only when that one is due.
    const auto first = view.scan(keys::timers(), 1, from);
    const auto front = first.empty() ? std::nullopt : keys::parse_timer(first.front().first);
    if (first.empty() || (front && front->due > now)) return;
    for (const auto& [key, row] : view.scan(keys::timers(), kBatch, from)) {
      const auto parsed = keys::parse_timer(key);
      const auto timer = decode<Timer>(row.bytes);
      if (!parsed || !timer) continue;  // a damaged row: `thaw verify` names it
      if (parsed->due > now) return;
      found.push_back({key, {parsed->window, parsed->due, timer->generation, 0}});
    }
  });
  return found;
}

bool TimerDriver::fire(const Due& due) {
  {
    const std::scoped_lock lock(mutex_);
    in_flight_.insert(due.key);
  }
  const auto done = [this, key = due.key](const Result<Reply>&) {
    const std::scoped_lock lock(mutex_);
    in_flight_.erase(key);
  };
  if (submit_({due.command, {}, false, {}}, done)) return true;
  const std::scoped_lock lock(mutex_);
  in_flight_.erase(due.key);
  return false;
}

std::size_t TimerDriver::step(Instant now) {
  const std::vector<Due> found = find_due(now);
  std::size_t count = 0;
  for (const Due& due : found) {
    if (!fire(due)) return count;
    const std::scoped_lock lock(mutex_);
    cursor_ = due.key;
    ++count;
  }
  if (count == 0) {
    const std::scoped_lock lock(mutex_);
    if (in_flight_.empty()) cursor_.clear();
  }
  return count;
}

bool TimerDriver::is_idle(Instant now) const {
  {
    const std::scoped_lock lock(mutex_);
    if (!in_flight_.empty()) return false;
  }
  const auto due = first_due();
  return !due || *due > now;
}

std::optional<Instant> TimerDriver::first_due() const {
  std::optional<Instant> due;
  read_([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::timers(), 1)) {
      if (const auto parsed = keys::parse_timer(key)) due = parsed->due;
    }
  });
  return due;
}

}  // namespace thaw
