#include "adapters/loyalty/points_answer.h"

#include <fmt/format.h>

#include "adapters/loyalty/points_json.h"
#include "adapters/loyalty/retry_after.h"
#include "base/check.h"
#include "base/text.h"

namespace thaw {
namespace {

using Cause = PointsUnknown::Cause;

constexpr std::size_t kDetailMax = 256;

PointsOutcome judge_success(PointsCall call, std::string_view key, const HttpResponse& response) {
  const PointsUnknown unreadable{Cause::unreadable, response.status, {}};
  if (response.status != 200 && response.status != 201) return unreadable;
  const auto body = parse_points_body(response.body, key);
  if (!body) return unreadable;
  switch (call) {
    case PointsCall::issue:
      // "reversed" is no answer to an issue: the GET that follows `unknown` will tell.
      if (body->state != PointsState::issued) return unreadable;
      return PointsIssued{body->reference};
    case PointsCall::find: return PointsFound{body->state, body->reference};
    case PointsCall::reverse:
      if (body->state != PointsState::reversed) return unreadable;
      return PointsFound{body->state, body->reference};
  }
  CHECK(false);
}

PointsOutcome judge_status(PointsCall call, std::string_view key, const HttpResponse& response,
                           Instant now) {
  const int status = response.status;
  const auto header = response.headers.find("retry-after");
  const auto retry_after = header ? parse_retry_after(*header, now) : std::nullopt;
  if (status / 100 == 2) return judge_success(call, key, response);
  if (status / 100 == 3 || status == 401 || status == 403) return PointsPaused{status};
  if (status == 404 && call == PointsCall::find) return PointsNotFound{};
  if (status == 404) return PointsPaused{status};
  if (status == 425 || status == 429) return PointsRetryLater{status, retry_after};
  if (status == 408 || status == 409) return PointsUnknown{Cause::status, status, retry_after};
  if (status / 100 == 4) return PointsRefused{status};
  return PointsUnknown{Cause::status, status, retry_after};
}

PointsOutcome judge_failure(HttpCallFailure failure) {
  switch (failure) {
    case HttpCallFailure::never_sent: return PointsNeverSent{};
    case HttpCallFailure::tls: return PointsPaused{};
    case HttpCallFailure::timeout: return PointsUnknown{Cause::timeout, 0, {}};
    case HttpCallFailure::broken:
    case HttpCallFailure::unreadable: return PointsUnknown{Cause::no_answer, 0, {}};
  }
  CHECK(false);
}

/// Never the body's own text: it may hold what thaw must not keep (SPEC §3.5).
std::string describe_status(const HttpResponse& response) {
  const std::string code = parse_problem_code(response.body);
  return code.empty() ? fmt::format("HTTP {}", response.status)
                      : fmt::format("HTTP {}: {}", response.status, code);
}

}  // namespace

PointsAnswer judge_points_answer(PointsCall call, std::string_view idempotency_key,
                                 const std::variant<HttpResponse, HttpCallError>& got,
                                 Instant now) {
  PointsAnswer answer;
  if (const auto* error = std::get_if<HttpCallError>(&got)) {
    answer.outcome = judge_failure(error->failure);
    answer.detail = cut_utf8(error->detail, kDetailMax);
  } else {
    const auto& response = std::get<HttpResponse>(got);
    answer.outcome = judge_status(call, idempotency_key, response, now);
    answer.detail = describe_status(response);
  }
  answer.result = points_result(answer.outcome);
  return answer;
}

}  // namespace thaw
