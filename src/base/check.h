#pragma once

#include <source_location>

namespace thaw {

/// Aborts with file, line and text. Only for bugs of ours: nothing that comes from outside bytes,
/// configuration or journal content may reach it (DESIGN §2, "Poison").
[[noreturn]] void check_failed(const char* expression, std::source_location where);

}  // namespace thaw

/// A statement about our own code that must hold; on in release too.
#define CHECK(expression)                                                 \
  do {                                                                    \
    if (!(expression)) [[unlikely]]                                       \
      ::thaw::check_failed(#expression, std::source_location::current()); \
  } while (false)
