#include "adapters/http/protocol_problem.h"

#include <fmt/format.h>

#include "adapters/http/response_head.h"

namespace thaw {

HttpResponse make_problem_json(const ProtocolProblem& problem) {
  // No escaping: codes and details are texts of this folder, ids are of [A-Za-z0-9._-].
  HttpResponse response;
  response.status = problem.status;
  response.headers.add("Content-Type", "application/problem+json");
  response.body =
      fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"code":"{}","detail":"{}",)"
                  R"("request_id":"{}"}})",
                  reason_phrase(problem.status), problem.status, problem.code, problem.detail,
                  problem.request_id);
  return response;
}

}  // namespace thaw
