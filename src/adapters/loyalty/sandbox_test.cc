#include "adapters/loyalty/sandbox.h"

#include <gtest/gtest.h>

#include "adapters/loyalty/folder_for_test.h"
#include "adapters/loyalty/points_client.h"

namespace thaw {
namespace {

/// The sandbox as `HttpCall`, without sockets: a drop is a broken connection, a delayed drop a
/// timeout. Lets the real client and the sandbox meet over the whole contract.
struct Direct final : HttpCall {
  HttpHandler& handler;
  HttpResponse last;

  explicit Direct(HttpHandler& to) : handler(to) {}

  std::variant<HttpResponse, HttpCallError> send(const HttpCallRequest& asked, Duration) override {
    HttpRequest request{.method = asked.method, .headers = asked.headers, .body = asked.body};
    const std::size_t query = asked.target.find('?');
    request.path = asked.target.substr(0, query);
    for (std::size_t at = 1; at < request.path.size() + 1;) {
      const std::size_t end = std::min(request.path.find('/', at), request.path.size());
      request.segments.push_back(request.path.substr(at, end - at));
      at = end + 1;
    }
    if (query != std::string::npos) add_query(asked.target.substr(query + 1), request);
    handler.handle(std::move(request), [&](HttpResponse response) { last = std::move(response); });
    if (!last.drop) return last;
    return HttpCallError{last.delay_ms > 0 ? HttpCallFailure::timeout : HttpCallFailure::broken,
                         "dropped"};
  }
  static void add_query(std::string text, HttpRequest& request) {
    while (!text.empty()) {
      const std::string pair = text.substr(0, text.find('&'));
      text.erase(0, std::min(text.size(), pair.size() + 1));
      std::string value = pair.substr(pair.find('=') + 1);
      for (std::size_t at; (at = value.find("%3A")) != std::string::npos;)
        value.replace(at, 3, ":");
      request.query.emplace_back(pair.substr(0, pair.find('=')), value);
    }
  }
};

struct SandboxTest : testing::Test {
  TestFolder folder;
  Instant now{1'792'000'000'000};
  std::unique_ptr<LoyaltySandbox> sandbox = open("");
  Direct http{*sandbox};
  PointsClient client{http, {.now = [this] { return now; }}};

  std::unique_ptr<LoyaltySandbox> open(const std::string& api_key) {
    auto opened = LoyaltySandbox::open({folder.path(), api_key, [this] { return now; }});
    EXPECT_TRUE(opened) << opened.error().detail;
    return std::move(*opened);
  }
  HttpResponse call(std::string method, std::string target, std::string body = "",
                    std::string key = "") {
    HttpCallRequest request{std::move(method), std::move(target), {}, std::move(body)};
    if (!key.empty()) request.headers.add("Idempotency-Key", key);
    http.send(request, {});
    return http.last;
  }
  void set_faults(std::string json) { EXPECT_EQ(call("POST", "/faults", json).status, 200); }
  PointsAnswer issue(const std::string& key) { return client.issue({"M1", 2000, key, "c"}); }
  bool ledger_has(std::string_view part) {
    return call("GET", "/ledger").body.find(part) != std::string::npos;
  }
};

TEST_F(SandboxTest, the_contract_with_our_own_client) {
  EXPECT_EQ(client.find("k").outcome, PointsOutcome(PointsNotFound{}));
  EXPECT_EQ(issue("k").outcome, PointsOutcome(PointsIssued{"P-1"}));
  EXPECT_EQ(http.last.status, 201);
  EXPECT_EQ(issue("k").outcome, PointsOutcome(PointsIssued{"P-1"}));
  EXPECT_EQ(http.last.status, 200);
  EXPECT_EQ(client.find("k").outcome, PointsOutcome(PointsFound{PointsState::issued, "P-1"}));
  EXPECT_EQ(client.reverse("k").outcome, PointsOutcome(PointsFound{PointsState::reversed, "P-1"}));
  EXPECT_EQ(client.reverse("k").outcome, PointsOutcome(PointsFound{PointsState::reversed, "P-1"}));
  EXPECT_EQ(client.find("k").outcome, PointsOutcome(PointsFound{PointsState::reversed, "P-1"}));
  EXPECT_EQ(issue("k").outcome, PointsOutcome(PointsIssued{"P-1"}));  // the same answer, no issue
  EXPECT_TRUE(ledger_has(
      R"("totals":{"issues":1,"reversals":1,"points_issued":2000,"points_reversed":2000,)"
      R"("keys_issued_twice":0})"));
}

TEST_F(SandboxTest, the_same_key_with_other_content_is_refused) {
  ASSERT_EQ(issue("k").result, "issued");
  EXPECT_EQ(client.issue({"M1", 3000, "k", "c"}).outcome, PointsOutcome(PointsRefused{422}));
  EXPECT_EQ(client.issue({"M2", 2000, "k", "c"}).outcome, PointsOutcome(PointsRefused{422}));
  EXPECT_TRUE(ledger_has(R"("issues":1)"));
}

TEST_F(SandboxTest, list_pages_through_our_own_client) {
  for (int i = 0; i < 150; ++i) ASSERT_EQ(issue("k" + std::to_string(i)).result, "issued");
  const auto first = client.list(now, now + Duration{1}, "");
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->entries.size(), 100U);
  const auto second = client.list(now, now + Duration{1}, first->next_cursor);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->entries.size(), 50U);
  EXPECT_EQ(second->next_cursor, "");
  EXPECT_EQ(second->entries.back().idempotency_key, "k149");
  EXPECT_TRUE(client.list(now + Duration{1}, now + Duration{2}, "")->entries.empty());
  EXPECT_TRUE(ledger_has(R"("next_cursor":"100")"));
  const std::string two = call("GET", "/ledger?cursor=100&limit=2").body;
  EXPECT_NE(two.find(R"("number":101)"), std::string::npos);
  EXPECT_NE(two.find(R"("next_cursor":"102")"), std::string::npos);
  EXPECT_EQ(two.find(R"("number":103)"), std::string::npos);
}

TEST_F(SandboxTest, malformed_requests_are_refused) {
  const auto post = [&](std::string body) { return call("POST", "/points", body, "k").status; };
  EXPECT_EQ(post(R"({"memberId":"M1","points":1,"idempotencyKey":"k","reason":"c"})"), 201);
  for (const char* body :
       {"", "[]", "{}", R"({"memberId":"M1","points":1,"idempotencyKey":"k"})",
        R"({"memberId":"M1","points":0,"idempotencyKey":"k","reason":"c"})",
        R"({"memberId":"M1","points":1.5,"idempotencyKey":"k","reason":"c"})",
        R"({"memberId":7,"points":1,"idempotencyKey":"k","reason":"c"})",
        R"({"memberId":"M1","points":1,"idempotencyKey":"k","reason":"c","more":1})",
        R"({"memberId":"M1","points":1,"idempotencyKey":"other","reason":"c"})"}) {
    EXPECT_EQ(post(body), 400) << body;
  }
  EXPECT_EQ(call("GET", "/elsewhere").status, 404);
  EXPECT_EQ(call("DELETE", "/points").status, 405);
  EXPECT_EQ(call("GET", "/points").status, 400);
  EXPECT_EQ(call("GET", "/ledger?limit=0").status, 400);
  EXPECT_EQ(call("POST", "/faults", R"({"fnord":1})").status, 400);
  EXPECT_EQ(call("POST", "/points/unknown/reversal").status, 404);
}

TEST_F(SandboxTest, faults_before_do_nothing_and_faults_after_have_done_it) {
  struct Row {
    const char* fault;
    const char* result;
    bool is_done;
  };
  int n = 0;
  for (const Row& row : {Row{"error", "error_503", false},
                         {"error_after", "error_503", true},
                         {"timeout_before", "timeout", false},
                         {"timeout_after", "timeout", true},
                         {"drop_before", "no_answer", false},
                         {"drop_after", "no_answer", true},
                         {"unreadable_after", "error_200", true}}) {
    const std::string key = "k" + std::to_string(++n);
    set_faults(std::string(R"({"next":[{"fault":")") + row.fault + R"("}]})");
    EXPECT_EQ(issue(key).result, row.result) << row.fault;
    EXPECT_EQ(client.find(key).result, row.is_done ? "found" : "not_found") << row.fault;
    EXPECT_EQ(issue(key).result, "issued");
  }
  EXPECT_TRUE(ledger_has(R"("issues":7)"));
  EXPECT_TRUE(ledger_has(R"("keys_issued_twice":0)"));
}

TEST_F(SandboxTest, delay_status_and_retry_after) {
  set_faults(R"({"delay_ms":40,"timeout_ms":70,"status":429,"retry_after":9,
                 "next":[{"fault":"timeout_before"}],"percent":{"error":100},"on":["issue"]})");
  issue("k");
  EXPECT_EQ(http.last.delay_ms, 70);
  EXPECT_TRUE(http.last.drop);
  EXPECT_EQ(issue("k").outcome, PointsOutcome(PointsRetryLater{429, Duration::seconds(9)}));
  EXPECT_EQ(http.last.delay_ms, 40);
  client.find("k");
  EXPECT_EQ(http.last.delay_ms, 0);
  set_faults("{}");
  EXPECT_EQ(issue("k").result, "issued");
  EXPECT_NE(call("GET", "/faults").body.find(R"("plan":{})"), std::string::npos);
}

TEST_F(SandboxTest, keys_are_forgotten_at_the_horizon) {
  set_faults(R"({"forget_after_ms":86400000})");
  ASSERT_EQ(issue("k").result, "issued");
  now = now + Duration::days(1);
  EXPECT_EQ(client.find("k").result, "found");
  now = now + Duration{1};
  EXPECT_EQ(client.find("k").result, "not_found");
  EXPECT_EQ(issue("k").outcome, PointsOutcome(PointsIssued{"P-2"}));
  EXPECT_TRUE(ledger_has(R"("keys_issued_twice":1)"));
}

TEST_F(SandboxTest, survives_reopening_without_its_faults) {
  set_faults(R"({"percent":{"error":100},"on":["find"]})");
  ASSERT_EQ(issue("k").result, "issued");
  sandbox.reset();
  const auto again = open("secret");
  Direct direct(*again);
  PointsClient stranger(direct, {.now = [this] { return now; }});
  EXPECT_EQ(stranger.find("k").outcome, PointsOutcome(PointsPaused{401}));
  PointsClient known(direct, {.api_key = "secret", .now = [this] { return now; }});
  EXPECT_EQ(known.find("k").outcome, PointsOutcome(PointsFound{PointsState::issued, "P-1"}));
}

}  // namespace
}  // namespace thaw
