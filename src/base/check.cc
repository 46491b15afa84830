#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace thaw {

void check_failed(const char* expression, std::source_location where) {
  std::fprintf(stderr, "thaw: bug: CHECK(%s) failed at %s:%u\n", expression, where.file_name(),
               where.line());
  std::abort();
}

}  // namespace thaw
