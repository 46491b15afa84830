#include "adapters/loyalty/points_client.h"

#include <fmt/format.h>

#include "adapters/loyalty/points_answer.h"
#include "adapters/loyalty/points_json.h"
#include "adapters/loyalty/text_forms.h"
#include "base/check.h"

namespace thaw {

PointsClient::PointsClient(HttpCall& http, PointsClientOptions options)
    : http_(http), options_(std::move(options)) {
  CHECK(options_.now != nullptr);
}

PointsAnswer PointsClient::issue(const PointsIssueRequest& request) {
  const auto got = call("POST", "/points", make_issue_body(request), request.idempotency_key);
  return judge_points_answer(PointsCall::issue, request.idempotency_key, got, options_.now());
}

PointsAnswer PointsClient::find(std::string_view idempotency_key) {
  const auto got = call("GET", "/points/" + percent_encode(idempotency_key), "", "");
  return judge_points_answer(PointsCall::find, idempotency_key, got, options_.now());
}

PointsAnswer PointsClient::reverse(std::string_view idempotency_key) {
  const std::string target = fmt::format("/points/{}/reversal", percent_encode(idempotency_key));
  const auto got = call("POST", target, "{}", fmt::format("{}-reversal", idempotency_key));
  return judge_points_answer(PointsCall::reverse, idempotency_key, got, options_.now());
}

Result<PointsPage> PointsClient::list(Instant from, Instant to, std::string_view cursor) {
  std::string target = fmt::format("/points?from={}&to={}", percent_encode(to_rfc3339(from)),
                                   percent_encode(to_rfc3339(to)));
  if (!cursor.empty()) target += "&cursor=" + percent_encode(cursor);
  const auto got = call("GET", std::move(target), "", "");
  if (const auto* error = std::get_if<HttpCallError>(&got)) {
    const bool is_timeout = error->failure == HttpCallFailure::timeout;
    return fail(is_timeout ? ErrorCode::timeout : ErrorCode::unavailable, error->detail,
                error->failure != HttpCallFailure::tls);
  }
  const auto& response = std::get<HttpResponse>(got);
  if (response.status != 200) {
    const bool is_passing = response.status >= 500 || response.status == 429;
    return fail(ErrorCode::unavailable,
                fmt::format("the points list answered HTTP {}", response.status), is_passing);
  }
  auto page = parse_points_page(response.body);
  if (!page) return fail(ErrorCode::corrupt, "the points list cannot be read");
  return std::move(*page);
}

std::variant<HttpResponse, HttpCallError> PointsClient::call(std::string method, std::string target,
                                                             std::string body,
                                                             std::string_view key) {
  HttpCallRequest request{std::move(method), std::move(target), {}, std::move(body)};
  request.headers.add("Accept", "application/json");
  if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
  if (!key.empty()) request.headers.add("Idempotency-Key", std::string(key));
  if (!options_.api_key.empty()) {
    request.headers.add("Authorization", "Bearer " + options_.api_key);
  }
  return http_.send(request, options_.timeout);
}

}  // namespace thaw
