#include "app/server/thread_turns.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace thaw {
namespace {

constexpr int kStepsBack = 5;                    // each is about a quarter more for the others
constexpr std::uint64_t kShortTurnNs = 100'000;  // the least that Linux takes

/// What sched_setattr(2) takes; the C library of Debian 12 has neither the call nor the struct.
struct SchedulingAttributes {
  std::uint32_t size = 48;
  std::uint32_t policy = 0;  // SCHED_OTHER
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

}  // namespace

void give_way() {
  const int of_process = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid()));
  const int nice = std::min(of_process + kStepsBack, 19);
  // On Linux this is the calling thread alone.
  (void)::setpriority(PRIO_PROCESS, 0, nice);
}

void take_short_turns() {
  SchedulingAttributes attributes;
  attributes.nice = ::getpriority(PRIO_PROCESS, 0);
  attributes.runtime_ns = kShortTurnNs;
  (void)::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace thaw
