#include "adapters/loyalty/points_answer.h"

#include <gtest/gtest.h>

#include "adapters/loyalty/retry_after.h"

namespace thaw {
namespace {

using Cause = PointsUnknown::Cause;
constexpr const char* kKey = "cold-activation-c.M1.1";
constexpr Instant kNow{1'792'000'000'000};
constexpr const char* kIssued = R"({"status":"issued","reference":"P-1"})";
constexpr const char* kReversed = R"({"status":"reversed","reference":"P-1"})";

PointsAnswer judge(PointsCall call, int status, const char* body = "", const char* wait = nullptr) {
  HttpResponse response{.status = status, .body = body};
  if (wait != nullptr) response.headers.add("Retry-After", wait);
  return judge_points_answer(call, kKey, response, kNow);
}

struct Row {
  int status;
  const char* body;
  PointsOutcome issue;
  PointsOutcome find;
  PointsOutcome reverse;
};

template <typename Outcome>
Row same(int status, const Outcome& outcome, const char* body = "") {
  return {status, body, outcome, outcome, outcome};
}

// SPEC §2.7, status by status.
TEST(PointsAnswer, every_status) {
  const auto unreadable = [](int status) { return PointsUnknown{Cause::unreadable, status, {}}; };
  const auto unknown = [](int status) { return PointsUnknown{Cause::status, status, {}}; };
  const PointsFound found_issued{PointsState::issued, "P-1"};
  const PointsFound found_reversed{PointsState::reversed, "P-1"};
  const Row rows[] = {
      {200, kIssued, PointsIssued{"P-1"}, found_issued, unreadable(200)},
      {201, kIssued, PointsIssued{"P-1"}, found_issued, unreadable(201)},
      {200, kReversed, unreadable(200), found_reversed, found_reversed},
      same(202, unreadable(202), kIssued),
      same(204, unreadable(204)),
      same(301, PointsPaused{301}),
      same(302, PointsPaused{302}),
      same(307, PointsPaused{307}),
      same(401, PointsPaused{401}),
      same(403, PointsPaused{403}),
      {404, "", PointsPaused{404}, PointsNotFound{}, PointsPaused{404}},
      same(408, unknown(408)),
      same(409, unknown(409)),
      same(425, PointsRetryLater{425, {}}),
      same(429, PointsRetryLater{429, {}}),
      same(400, PointsRefused{400}),
      same(402, PointsRefused{402}),
      same(405, PointsRefused{405}),
      same(410, PointsRefused{410}),
      same(413, PointsRefused{413}),
      same(422, PointsRefused{422}),
      same(451, PointsRefused{451}),
      same(500, unknown(500)),
      same(502, unknown(502)),
      same(503, unknown(503)),
      same(504, unknown(504)),
      same(599, unknown(599)),
      same(700, unknown(700)),
  };
  for (const Row& row : rows) {
    EXPECT_EQ(judge(PointsCall::issue, row.status, row.body).outcome, row.issue) << row.status;
    EXPECT_EQ(judge(PointsCall::find, row.status, row.body).outcome, row.find) << row.status;
    EXPECT_EQ(judge(PointsCall::reverse, row.status, row.body).outcome, row.reverse) << row.status;
  }
}

TEST(PointsAnswer, a_2xx_that_cannot_be_read_is_unknown) {
  for (const char* body :
       {"", "null", "[]", "{}", "issued", "{\"status\":\"issued\"}", R"({"reference":"P-1"})",
        R"({"status":"issued","reference":""})", R"({"status":"issued","reference":7})",
        R"({"status":"ISSUED","reference":"P-1"})", R"({"status":"issued","reference":"P-1")",
        R"({"status":"issued","reference":"P-1"} trailing)",
        R"({"status":"issued","reference":"P-1","idempotencyKey":"another"})"}) {
    EXPECT_EQ(judge(PointsCall::issue, 200, body).outcome,
              PointsOutcome(PointsUnknown{Cause::unreadable, 200, {}}))
        << body;
  }
  const std::string endless =
      R"({"status":"issued","reference":")" + std::string(300, 'x') + R"("})";
  EXPECT_EQ(judge(PointsCall::issue, 200, endless.c_str()).result, "error_200");
  EXPECT_EQ(
      judge(PointsCall::issue, 201,
            R"({"status":"issued","reference":"é\"","idempotencyKey":"cold-activation-c.M1.1"})")
          .outcome,
      PointsOutcome(PointsIssued{"é\""}));
}

TEST(PointsAnswer, no_answer) {
  const auto judge_error = [](HttpCallFailure failure) {
    return judge_points_answer(PointsCall::issue, kKey, HttpCallError{failure, "why"}, kNow);
  };
  EXPECT_EQ(judge_error(HttpCallFailure::never_sent).outcome, PointsOutcome(PointsNeverSent{}));
  EXPECT_EQ(judge_error(HttpCallFailure::tls).outcome, PointsOutcome(PointsPaused{}));
  EXPECT_EQ(judge_error(HttpCallFailure::timeout).outcome,
            PointsOutcome(PointsUnknown{Cause::timeout, 0, {}}));
  EXPECT_EQ(judge_error(HttpCallFailure::broken).outcome,
            PointsOutcome(PointsUnknown{Cause::no_answer, 0, {}}));
  EXPECT_EQ(judge_error(HttpCallFailure::unreadable).outcome,
            PointsOutcome(PointsUnknown{Cause::no_answer, 0, {}}));
  EXPECT_EQ(judge_error(HttpCallFailure::broken).detail, "why");
}

// SPEC §3.6: the closed set of attempts[].result.
TEST(PointsAnswer, result_texts) {
  EXPECT_EQ(judge(PointsCall::issue, 200, kIssued).result, "issued");
  EXPECT_EQ(judge(PointsCall::find, 200, kIssued).result, "found");
  EXPECT_EQ(judge(PointsCall::reverse, 200, kReversed).result, "found");
  EXPECT_EQ(judge(PointsCall::find, 404).result, "not_found");
  EXPECT_EQ(judge(PointsCall::issue, 404).result, "error_404");
  EXPECT_EQ(judge(PointsCall::issue, 429).result, "error_429");
  EXPECT_EQ(judge(PointsCall::issue, 503).result, "error_503");
  EXPECT_EQ(judge(PointsCall::issue, 200, "?").result, "error_200");
  EXPECT_EQ(points_result(PointsUnknown{Cause::timeout, 0, {}}), "timeout");
  EXPECT_EQ(points_result(PointsUnknown{Cause::no_answer, 0, {}}), "no_answer");
  EXPECT_EQ(points_result(PointsNeverSent{}), "connection_failed");
  EXPECT_EQ(points_result(PointsPaused{}), "connection_failed");
}

TEST(PointsAnswer, retry_after_is_handed_on) {
  const auto wait = [](int status, const char* text) {
    return judge(PointsCall::issue, status, "", text).outcome;
  };
  EXPECT_EQ(wait(429, "7"), PointsOutcome(PointsRetryLater{429, Duration::seconds(7)}));
  EXPECT_EQ(wait(503, "7"), PointsOutcome(PointsUnknown{Cause::status, 503, Duration::seconds(7)}));
  EXPECT_EQ(wait(425, "soon"), PointsOutcome(PointsRetryLater{425, std::nullopt}));
}

TEST(PointsAnswer, the_detail_holds_the_code_but_not_the_body) {
  EXPECT_EQ(judge(PointsCall::issue, 422, R"({"code":"bad_member","detail":"M1 4111"})").detail,
            "HTTP 422: bad_member");
  EXPECT_EQ(judge(PointsCall::issue, 500, "<html>M1 4111</html>").detail, "HTTP 500");
}

TEST(RetryAfter, seconds_and_dates) {
  const Instant now = *parse_http_date("Wed, 21 Oct 2026 07:28:00 GMT");
  EXPECT_EQ(to_rfc3339(now), "2026-10-21T07:28:00.000Z");
  EXPECT_EQ(parse_retry_after("0", now), Duration{0});
  EXPECT_EQ(parse_retry_after("120", now), Duration::seconds(120));
  EXPECT_EQ(parse_retry_after("99999999", now), Duration::days(1));
  EXPECT_EQ(parse_retry_after("99999999999999999999999", now), Duration::days(1));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2026 07:28:30 GMT", now), Duration::seconds(30));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2026 07:27:30 GMT", now), Duration{0});
  for (const char* text : {"", "-1", "1.5", "1 ", "soon", "Wed, 21 Oct 2026 07:28:00 UTC",
                           "Wed, 31 Feb 2026 07:28:00 GMT", "Wed, 21 Okt 2026 07:28:00 GMT",
                           "Wed, 2x Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 27:28:00 GMT"}) {
    EXPECT_FALSE(parse_retry_after(text, now)) << text;
  }
}

/// fuzz/corpus/points_answer/crash_half_a_character.
TEST(PointsAnswer, the_detail_can_be_shown_as_it_is) {
  std::string letters = "x";
  for (int i = 0; i < 80; ++i) letters += "\u00e9";
  const auto detail = [](const std::string& code) {
    return judge(PointsCall::issue, 500, ("{\"code\":\"" + code + "\"}").c_str()).detail;
  };
  EXPECT_EQ(detail(letters), "HTTP 500: " + letters.substr(0, 127));
  EXPECT_EQ(detail("a\\u0007b"), "HTTP 500");
}

}  // namespace
}  // namespace thaw
