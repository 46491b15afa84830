#include "adapters/loyalty/points_client.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

/// Answers what it is told and keeps what it was sent.
struct FakeHttp final : HttpCall {
  std::variant<HttpResponse, HttpCallError> answer = HttpResponse{};
  HttpCallRequest seen;
  Duration timeout;

  std::variant<HttpResponse, HttpCallError> send(const HttpCallRequest& request,
                                                 Duration at_most) override {
    seen = request;
    timeout = at_most;
    return answer;
  }
};

struct Fixture : testing::Test {
  FakeHttp http;
  PointsClient client{http, {.api_key = "secret", .timeout = Duration::seconds(3), .now = [] {
                               return Instant{0};
                             }}};
};
using PointsClientTest = Fixture;

TEST_F(PointsClientTest, issue) {
  http.answer = HttpResponse{.status = 201, .body = R"({"status":"issued","reference":"P-9"})"};
  const auto answer = client.issue({"M\"1", 2000, "cold-activation-c.M1.1", "cold-2025"});
  EXPECT_EQ(answer.outcome, PointsOutcome(PointsIssued{"P-9"}));
  EXPECT_EQ(answer.result, "issued");
  EXPECT_EQ(http.seen.method, "POST");
  EXPECT_EQ(http.seen.target, "/points");
  EXPECT_EQ(http.seen.body,
            R"({"memberId":"M\"1","points":2000,"idempotencyKey":"cold-activation-c.M1.1",)"
            R"("reason":"cold-2025"})");
  EXPECT_EQ(http.seen.headers.find("idempotency-key"), "cold-activation-c.M1.1");
  EXPECT_EQ(http.seen.headers.find("authorization"), "Bearer secret");
  EXPECT_EQ(http.seen.headers.find("content-type"), "application/json");
  EXPECT_EQ(http.timeout, Duration::seconds(3));
}

TEST_F(PointsClientTest, find_and_reverse) {
  http.answer = HttpResponse{.body = R"({"status":"reversed","reference":"P-9"})"};
  const PointsOutcome expected = PointsFound{PointsState::reversed, "P-9"};
  EXPECT_EQ(client.find("a/b c").outcome, expected);
  EXPECT_EQ(http.seen.method, "GET");
  EXPECT_EQ(http.seen.target, "/points/a%2Fb%20c");
  EXPECT_FALSE(http.seen.headers.find("idempotency-key"));
  EXPECT_EQ(client.reverse("k").outcome, expected);
  EXPECT_EQ(http.seen.method, "POST");
  EXPECT_EQ(http.seen.target, "/points/k/reversal");
  EXPECT_EQ(http.seen.headers.find("idempotency-key"), "k-reversal");
}

TEST_F(PointsClientTest, list) {
  http.answer = HttpResponse{
      .body = R"({"items":[{"idempotencyKey":"k","memberId":"M1","points":2000,"reason":"c",)"
              R"("status":"reversed","reference":"P-9","issuedAt":"2025-11-03T02:11:09.123Z",)"
              R"("reversedAt":"2025-11-04T00:00:00.000Z"}],"next_cursor":"9"})"};
  const auto page = client.list(Instant{0}, Instant{1000}, "a&b");
  ASSERT_TRUE(page) << page.error().detail;
  ASSERT_EQ(page->entries.size(), 1U);
  EXPECT_EQ(page->entries[0], (PointsEntry{"k", "M1", 2000, PointsState::reversed, "P-9",
                                           *parse_rfc3339("2025-11-03T02:11:09.123Z"),
                                           *parse_rfc3339("2025-11-04T00:00:00.000Z")}));
  EXPECT_EQ(page->next_cursor, "9");
  EXPECT_EQ(http.seen.target,
            "/points?from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A01.000Z"
            "&cursor=a%26b");
}

TEST_F(PointsClientTest, list_failures) {
  const auto error_of = [&](std::variant<HttpResponse, HttpCallError> answer) {
    http.answer = std::move(answer);
    const auto page = client.list(Instant{0}, Instant{1}, "");
    EXPECT_FALSE(page);
    return page ? Error{} : page.error();
  };
  EXPECT_EQ(error_of(HttpCallError{HttpCallFailure::timeout, ""}).code, ErrorCode::timeout);
  EXPECT_TRUE(error_of(HttpCallError{HttpCallFailure::broken, ""}).retryable);
  EXPECT_FALSE(error_of(HttpCallError{HttpCallFailure::tls, ""}).retryable);
  EXPECT_TRUE(error_of(HttpResponse{.status = 503}).retryable);
  EXPECT_FALSE(error_of(HttpResponse{.status = 403}).retryable);
  for (const char* body : {"", "{}", R"({"items":[{}]})", R"({"items":[],"next_cursor":7})"}) {
    EXPECT_EQ(error_of(HttpResponse{.body = body}).code, ErrorCode::corrupt) << body;
  }
}

}  // namespace
}  // namespace thaw
