#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace thaw {

/// What the world answered when it could not do what a port asked (error channel (b) of DESIGN §4).
/// Business outcomes are enums of the domain; bugs are CHECKs.
enum class ErrorCode {
  invalid,      // the input is not what the format or rule allows
  not_found,    // the named thing does not exist
  conflict,     // somebody else changed it first
  corrupt,      // stored bytes are not what was written
  io,           // a read, write or sync failed
  no_space,     // the disk or a quota is full
  locked,       // another process holds it
  unsupported,  // written by a newer version, or not offered here
  unavailable,  // a peer is down, or refuses for now
  timeout,      // no answer in time: the outcome is unknown
};

/// Stable name for logs, metrics and problem documents.
std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string detail;      // for a person: what failed, on what, and what to do
  bool retryable = false;  // the same call may succeed later

  friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

/// `return fail(ErrorCode::io, "…");` from any function that returns a Result.
inline std::unexpected<Error> fail(ErrorCode code, std::string detail, bool retryable = false) {
  return std::unexpected(Error{code, std::move(detail), retryable});
}

/// Hands an error on unchanged to a Result of another type.
template <typename T>
std::unexpected<Error> fail_with(const Result<T>& failed) {
  return std::unexpected(failed.error());
}

}  // namespace thaw
