#include "adapters/disk/posix_error.h"

#include <errno.h>
#include <fmt/format.h>

#include <system_error>

namespace thaw {
namespace {

ErrorCode code_of(int number) {
  if (number == ENOSPC || number == EDQUOT) return ErrorCode::no_space;
  if (number == ENOENT) return ErrorCode::not_found;
  if (number == EEXIST) return ErrorCode::conflict;
  return ErrorCode::io;
}

}  // namespace

std::unexpected<Error> fail_errno(int number, std::string_view what, std::string_view name) {
  const ErrorCode code = code_of(number);
  return fail(code, fmt::format("{} {}: {}", what, name, std::generic_category().message(number)),
              code == ErrorCode::no_space);
}

}  // namespace thaw
