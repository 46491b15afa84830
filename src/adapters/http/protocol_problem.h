#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "application/ports/http.h"

namespace thaw {

/// An error that the server itself answers, before or instead of a handler.
struct ProtocolProblem {
  int status;
  std::string_view code;    // stable: "body_too_large"
  std::string_view detail;  // for a person
  std::string request_id;
};

/// Makes the answer; called on server threads, several at a time.
using ProblemFormatter = std::function<HttpResponse(const ProtocolProblem&)>;

/// RFC 9457: {"type":"about:blank","title","status","code","detail","request_id"}.
HttpResponse make_problem_json(const ProtocolProblem& problem);

}  // namespace thaw
