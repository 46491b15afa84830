#include "app/bench/stopwatch.h"

#include <sys/resource.h>

namespace thaw {
namespace {

std::int64_t processor_ns(int whose) {
  rusage usage{};
  ::getrusage(whose, &usage);
  const auto ns = [](const timeval& time) {
    return time.tv_sec * 1'000'000'000LL + time.tv_usec * 1000LL;
  };
  return ns(usage.ru_utime) + ns(usage.ru_stime);
}

}  // namespace

std::int64_t thread_processor_ns() {
  return processor_ns(RUSAGE_THREAD);
}

std::int64_t process_processor_ns() {
  return processor_ns(RUSAGE_SELF);
}

std::uint64_t process_memory_bytes_max() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace thaw
