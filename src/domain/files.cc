#include "domain/files.h"

#include "base/check.h"

namespace thaw {

std::string_view to_string(FileStatus status) {
  switch (status) {
    case FileStatus::applying: return "applying";
    case FileStatus::applied: return "applied";
    case FileStatus::reverted: return "reverted";
  }
  CHECK(false);
}

}  // namespace thaw
