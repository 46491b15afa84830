#pragma once

#include <functional>
#include <string>

#include "application/ports/http.h"
#include "application/ports/points.h"

namespace thaw {

struct PointsClientOptions {
  std::string api_key;                       // sent as a bearer token if not empty
  Duration timeout = Duration::seconds(10);  // for one call, from connecting to the last byte
  std::function<Instant()> now;              // for a Retry-After that names a date
};

/// The points partner over HTTP (docs/formats/points-api.md). Thread-safe if `http` and `now` are.
class PointsClient final : public Points {
 public:
  PointsClient(HttpCall& http, PointsClientOptions options);

  PointsAnswer issue(const PointsIssueRequest& request) override;
  PointsAnswer find(std::string_view idempotency_key) override;
  PointsAnswer reverse(std::string_view idempotency_key) override;
  Result<PointsPage> list(Instant from, Instant to, std::string_view cursor) override;

 private:
  std::variant<HttpResponse, HttpCallError> call(std::string method, std::string target,
                                                 std::string body, std::string_view key);

  HttpCall& http_;
  PointsClientOptions options_;
};

}  // namespace thaw
