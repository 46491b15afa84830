#pragma once

#include <string_view>

#include "adapters/http/request_parser.h"

namespace thaw {

/// What the server itself answers: the parts of a ProtocolProblem that do not depend on the
/// request.
struct FaultAnswer {
  int status;
  std::string_view code;
  std::string_view detail;
};

inline constexpr FaultAnswer kInternalError = {500, "internal_error",
                                               "the request could not be handled"};
inline constexpr FaultAnswer kNotStored = {503, "body_not_stored", "the body could not be stored"};
inline constexpr FaultAnswer kLateHead = {408, "header_timeout", "the head did not arrive in time"};
inline constexpr FaultAnswer kLateBody = {408, "body_timeout", "the body did not arrive in time"};

/// `fault` is not `none`.
FaultAnswer answer_to(RequestFault fault);

}  // namespace thaw
