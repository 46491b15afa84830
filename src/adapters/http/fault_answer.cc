#include "adapters/http/fault_answer.h"

#include "base/check.h"

namespace thaw {

FaultAnswer answer_to(RequestFault fault) {
  switch (fault) {
    case RequestFault::none: break;
    case RequestFault::malformed:
      return {400, "malformed_request", "the request is not well-formed HTTP/1.1"};
    case RequestFault::header_too_large:
      return {431, "header_too_large", "request line and headers exceed the limit"};
    case RequestFault::body_too_large:
      return {413, "body_too_large", "the body exceeds the limit of this call"};
    case RequestFault::unknown_coding:
      return {501, "unsupported_transfer_coding", "only chunked is understood"};
    case RequestFault::unknown_expectation:
      return {417, "unsupported_expectation", "only 100-continue is understood"};
  }
  CHECK(false);
}

}  // namespace thaw
