#include "adapters/clock/clock.h"

#include <time.h>

#include <fstream>

namespace thaw {
namespace {

std::int64_t read_ns(clockid_t id) {
  timespec at{};
  clock_gettime(id, &at);
  return at.tv_sec * 1'000'000'000LL + at.tv_nsec;
}

}  // namespace

Instant WallClock::now() const {
  return {read_ns(CLOCK_REALTIME) / 1'000'000};
}

ClockReading WallClock::read() const {
  return {now(), since_boot_ms(), boot_id()};
}

ClockReading ManualClock::read() const {
  return {now(), since_boot_ms(), {}};
}

Instant ManualClock::now() const {
  const std::scoped_lock lock(mutex_);
  return now_;
}

bool ManualClock::move_to(Instant to) {
  const std::scoped_lock lock(mutex_);
  if (to < now_) return false;
  now_ = to;
  return true;
}

std::int64_t monotonic_ms() {
  return read_ns(CLOCK_MONOTONIC) / 1'000'000;
}

std::int64_t monotonic_ns() {
  return read_ns(CLOCK_MONOTONIC);
}

std::int64_t since_boot_ms() {
  return read_ns(CLOCK_BOOTTIME) / 1'000'000;
}

const std::string& boot_id() {
  static const std::string kId = [] {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) ? id : std::string("unknown");
  }();
  return kId;
}

}  // namespace thaw
