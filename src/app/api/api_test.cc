#include "app/api/api.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapters/json/json.h"
#include "adapters/memory/memory_ledger.h"
#include "base/fnv.h"
#include "domain/deciding.h"

namespace thaw::api {
namespace {

/// The door over a memory ledger: each request is answered before `send` returns.
class ApiTest : public testing::Test {
 protected:
  ApiTest() : ledger_([this] { return now_; }), api_(make_context()) {
    run(ConfigureProvider{{ProviderId("cardco"), {Rail::debit_card, Rail::apple_pay}, {}}});
  }

  struct Answer {
    int status = 0;
    HttpHeaders headers;
    Json body;
    std::string code() const {
      const auto code = body.find("code");
      return code ? code->as_text().value_or("") : "";
    }
    std::string text(const char* name) const {
      const auto field = body.find(name);
      return field ? field->as_text().value_or("") : "";
    }
  };

  Answer send(const std::string& method, const std::string& target, const std::string& body = "",
              const HttpHeaders& headers = {}) {
    HttpRequest request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    request.segments = split(request.path.substr(1), '/');
    if (target.find('?') != std::string::npos) {
      for (const std::string& pair : split(target.substr(target.find('?') + 1), '&')) {
        request.query.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
      }
    }
    request.body = body;
    request.headers = headers;
    request.request_id = "r-1";
    Answer answer;
    api_.handle(std::move(request), [&](HttpResponse response) {
      answer.status = response.status;
      answer.headers = response.headers;
      const auto json = Json::parse(response.body);
      EXPECT_TRUE(json) << response.body;
      if (json) answer.body = *json;
    });
    return answer;
  }

  Answer draft(const std::string& name = "Cold") {
    return send(
        "PUT", "/v1/campaigns/cold",
        R"({"name":")" + name +
            R"(","currency":"AUD","threshold":{"currency":"AUD","minor":10000},"points":2000,)"
            R"("rails":["debit_card","apple_pay"],"window":"P30D","grace":"PT48H"})");
  }
  void publish() {
    EXPECT_EQ(draft().status, 201);
    EXPECT_EQ(send("POST", "/v1/campaigns/cold/publish").status, 200);
  }
  std::string enrol(const std::string& member) {
    return send("POST", "/v1/enrolments", R"({"campaign":"cold","member":")" + member + R"("})")
        .text("window_id");
  }
  Answer load(const std::string& id, std::int64_t minor) {
    return send("POST", "/v1/webhooks/cardco",
                fmt::format(R"({{"id":"e-{0}","type":"load","provider_txn_id":"{0}","member":"M1",)"
                            R"("rail":"apple_pay","amount":{{"currency":"AUD","minor":{1}}},)"
                            R"("occurred_at":"{2}"}})",
                            id, minor, to_rfc3339(now_)));
  }
  Reply run(CommandBody body) { return *ledger_.run(Command{std::move(body), {}, false, {}}); }

  Actor actor_{"alice", {Role::admin}, false};
  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");
  bool lane_full_ = false;
  bool journal_failed_ = false;
  SignatureCheck signature_ = SignatureCheck::ok;
  MemoryLedger ledger_;
  Api api_;

 private:
  static std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t until = std::min(text.find(separator, from), text.size());
      parts.push_back(text.substr(from, until - from));
      from = until + 1;
    }
    return parts;
  }

  Context make_context() {
    Context context;
    context.submit = [this](Lane, Command command, std::function<void(Result<Reply>)> done) {
      if (lane_full_) return false;
      done(journal_failed_ ? Result<Reply>(fail(ErrorCode::unavailable, "the journal failed"))
                           : ledger_.run(command));
      return true;
    };
    context.read = [this](const std::function<void(StateView&)>& reader) { ledger_.read(reader); };
    context.now = [this] { return now_; };
    context.authenticate = [this](const HttpRequest& request) -> std::variant<Actor, HttpResponse> {
      if (request.headers.find("Authorization") == "Bearer wrong") {
        return make_problem(401, "unauthorized", "no such key", request.request_id);
      }
      return actor_;
    };
    context.check_signature = [this](const ProviderId& provider, const HttpRequest&) {
      return provider.text() == "cardco" ? signature_ : SignatureCheck::unknown_provider;
    };
    context.hash_content = [](std::string_view text) {
      return fmt::format("{:016x}", fnv1a(text));
    };
    context.hash_reference = context.hash_content;
    return context;
  }
};

TEST_F(ApiTest, a_campaign_from_draft_to_close) {
  EXPECT_EQ(send("GET", "/v1/campaigns/cold").code(), "unknown_campaign");
  const Answer drafted = draft();
  EXPECT_EQ(drafted.status, 201);
  EXPECT_EQ(drafted.text("status"), "draft");
  EXPECT_EQ(send("POST", "/v1/campaigns/cold/publish").text("status"), "published");
  EXPECT_EQ(send("POST", "/v1/campaigns/cold/publish").status, 200);  // twice is a no-op
  EXPECT_EQ(draft("Colder").text("status"), "draft");                 // drafts version 2
  const Answer both = send("GET", "/v1/campaigns/cold");
  EXPECT_EQ(both.text("name"), "Cold");
  EXPECT_EQ(both.body.find("draft")->find("version")->as_integer(), 2);
  EXPECT_EQ(send("POST", "/v1/campaigns/cold/close").text("status"), "closed");
  EXPECT_EQ(send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M1"})").code(),
            "enrolment_not_open");
}

TEST_F(ApiTest, a_bad_campaign_names_every_wrong_field) {
  const Answer bad =
      send("PUT", "/v1/campaigns/cold",
           R"({"name":7,"currency":"AUD","threshold":{"currency":"NZD","minor":1.5},)"
           R"("points":2000,"rails":["pigeon"],"window":"30 days","colour":"red"})");
  EXPECT_EQ(bad.status, 422);
  std::string pointers;
  for (const Json& error : bad.body.find("errors")->items()) {
    pointers += error.find("pointer")->as_text().value_or("") + " ";
  }
  EXPECT_EQ(pointers, "/name /threshold/minor /window /rails /colour ");
  EXPECT_EQ(send("PUT", "/v1/campaigns/cold", "{").status, 400);
  EXPECT_EQ(send("PUT", "/v1/campaigns/Cold!", "{}").status, 422);
}

TEST_F(ApiTest, a_field_that_comes_twice_is_refused) {
  publish();
  const Answer twice =
      send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M1","member":"M2"})");
  EXPECT_EQ(twice.status, 400);
  EXPECT_EQ(twice.code(), "unparsable");
  EXPECT_NE(twice.text("detail").find("member"), std::string::npos);
}

TEST_F(ApiTest, a_body_that_is_packed_is_not_taken) {
  HttpRequest head;
  head.method = "PUT";
  head.segments = {"v1", "campaigns", "cold"};
  head.headers = {{"Content-Encoding", "gzip"}};
  const auto refused = api_.admit(head).refusal;
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 415);
  EXPECT_EQ(Json::parse(refused->body)->find("code")->as_text(), "unsupported_content_encoding");
  head.headers = {{"Content-Encoding", "Identity"}};
  EXPECT_FALSE(api_.admit(head).refusal);
}

TEST_F(ApiTest, publish_needs_a_second_person_where_the_rule_is_on) {
  draft();
  actor_.two_persons = true;
  const Answer asked = send("POST", "/v1/campaigns/cold/publish");
  EXPECT_EQ(asked.status, 202);
  EXPECT_EQ(asked.text("status"), "awaiting_approval");
  const std::string path = "/v1/cases/" + asked.text("case") + "/approve";
  EXPECT_EQ(send("POST", path).code(), "same_person");
  actor_.principal = "bob";
  EXPECT_EQ(send("POST", path).status, 200);
  EXPECT_EQ(send("GET", "/v1/campaigns/cold").text("status"), "published");
  EXPECT_EQ(send("POST", path).code(), "case_closed");
}

TEST_F(ApiTest, what_is_approved_is_what_was_proposed) {
  draft();
  actor_.two_persons = true;
  const std::string first = send("POST", "/v1/campaigns/cold/publish").text("case");
  EXPECT_EQ(send("POST", "/v1/campaigns/cold/publish").text("case"), first);
  draft("Colder");
  actor_.principal = "bob";
  EXPECT_EQ(send("POST", "/v1/cases/" + first + "/approve").code(), "draft_changed");
  const std::string second = send("POST", "/v1/campaigns/cold/publish").text("case");
  EXPECT_NE(second, first);
  EXPECT_EQ(send("POST", "/v1/cases/" + first + "/approve").code(), "case_closed");
  actor_.principal = "carol";
  EXPECT_EQ(send("POST", "/v1/cases/" + second + "/approve").status, 200);
  EXPECT_EQ(send("GET", "/v1/campaigns/cold").text("name"), "Colder");
}

TEST_F(ApiTest, a_rejected_proposal_can_be_made_again) {
  draft();
  actor_.two_persons = true;
  const std::string first = send("POST", "/v1/campaigns/cold/publish").text("case");
  EXPECT_EQ(send("POST", "/v1/cases/" + first + "/reject").status, 200);
  const std::string second = send("POST", "/v1/campaigns/cold/publish").text("case");
  EXPECT_NE(second, first);
  actor_.principal = "bob";
  EXPECT_EQ(send("POST", "/v1/cases/" + second + "/approve").status, 200);
}

TEST_F(ApiTest, a_reference_that_somebody_else_has_held_moves_by_two_persons) {
  const std::string path = "/v1/members/M1/references";
  actor_.two_persons = true;
  const std::string claim = R"({"references":[{"type":"payid","value":"p1@bank.example"}]})";
  EXPECT_EQ(send("PUT", path, claim).status, 200);
  EXPECT_EQ(send("PUT", "/v1/members/M2/references", claim).code(), "reference_taken");
  const std::string end =
      R"({"references":[{"type":"payid","value":"p1@bank.example","until":"2025-11-01T00:00:00Z"}]})";
  EXPECT_EQ(send("PUT", path, end).status, 200);
  const std::string later =
      R"({"references":[{"type":"payid","value":"p1@bank.example","from":"2025-11-01T00:00:00Z"}]})";
  const Answer moved = send("PUT", "/v1/members/M2/references", later);
  EXPECT_EQ(moved.status, 202);
  EXPECT_EQ(send("GET", "/v1/cases/" + moved.text("case")).text("member"), "M2");
  actor_.principal = "bob";
  EXPECT_EQ(send("POST", "/v1/cases/" + moved.text("case") + "/approve").status, 200);
  EXPECT_EQ(send("PUT", path, claim).code(), "reference_taken");
}

TEST_F(ApiTest, fences_are_shown_raised_and_lifted) {
  EXPECT_EQ(send("POST", "/v1/fences/raise", R"({"reason":"a drill"})").status, 200);
  const auto rewards = send("GET", "/v1/fences").body.find("rewards");
  EXPECT_EQ(rewards->find("reason")->as_text(), "a drill");
  actor_.two_persons = true;
  const Answer asked = send("POST", "/v1/fences/lift");
  EXPECT_EQ(asked.status, 202);
  actor_.principal = "bob";
  EXPECT_EQ(send("POST", "/v1/cases/" + asked.text("case") + "/approve").status, 200);
  EXPECT_FALSE(*send("GET", "/v1/fences").body.find("rewards")->find("is_up")->as_boolean());
  EXPECT_EQ(send("POST", "/v1/fences/lift", R"({"what":"moon"})").status, 422);
}

TEST_F(ApiTest, enrolment_repeat_conflict_and_cancel) {
  publish();
  const std::string body = R"({"campaign":"cold","member":"M1","references":[)"
                           R"({"type":"bpay_crn","value":"12"},{"type":"payid","value":"222"}]})";
  const Answer first = send("POST", "/v1/enrolments", body);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.text("window_id"), "cold.M1.1761955200000");
  EXPECT_EQ(first.text("window_ends_at"), "2025-12-01T00:00:00.000Z");
  EXPECT_EQ(first.text("decides_at"), "2025-12-03T00:00:00.000Z");
  const Answer reordered =
      send("POST", "/v1/enrolments",
           R"({"campaign":"cold","member":"M1","enrolled_at":null,"references":[)"
           R"({"type":"payid","value":"222"},{"type":"bpay_crn","value":"12"}]})");
  EXPECT_EQ(reordered.status, 200);
  EXPECT_EQ(reordered.body, first.body);
  EXPECT_EQ(send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M1"})").code(),
            "enrolment_conflict");
  const std::string path = "/v1/enrolments/" + first.text("window_id");
  EXPECT_EQ(send("GET", path).text("state"), "active");
  EXPECT_EQ(send("POST", path + "/cancel").text("state"), "cancelled");
  EXPECT_EQ(send("POST", "/v1/enrolments", body).code(), "enrolment_cancelled");
}

TEST_F(ApiTest, a_fault_in_a_list_says_which_item) {
  const Answer refused = send("PUT", "/v1/members/M1/references",
                              R"({"references":[{"type":"payid","value":"p1@bank.example"},
                                 {"type":"bpay_crn","value":"12x"}]})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body.find("errors")->items().at(0).find("pointer")->as_text(),
            "/references/1/value");
}

TEST_F(ApiTest, no_card_number_is_kept) {
  publish();
  const Answer refused =
      send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"4111111111111111"})");
  EXPECT_EQ(refused.status, 422);
  const auto claim = [&](const std::string& type, const std::string& value) {
    return send("PUT", "/v1/members/M1/references",
                R"({"references":[{"type":")" + type + R"(","value":")" + value + "\"}]}")
        .status;
  };
  EXPECT_EQ(claim("card_token", "4111 1111 1111 1111"), 422);
  EXPECT_EQ(claim("bpay_crn", "12x"), 422);
  EXPECT_EQ(claim("bpay_crn", "4111 1111-1111 1111"), 200);  // a CRN has such a check digit
  EXPECT_EQ(send("POST", "/v1/fences/raise", R"({"reason":"asked by 4111-1111-1111-1111"})").status,
            200);
  EXPECT_EQ(send("GET", "/v1/fences").body.find("rewards")->find("reason")->as_text(),
            "asked by ****-****-****-1111");
}

TEST_F(ApiTest, an_idempotency_key_answers_the_first_answer_and_a_refusal_does_not_burn_it) {
  const std::string body = R"({"campaign":"cold","member":"M1"})";
  const HttpHeaders key{{"Idempotency-Key", "k1"}};
  EXPECT_EQ(send("POST", "/v1/enrolments", body, key).status, 404);
  publish();
  const Answer first = send("POST", "/v1/enrolments", body, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.headers.find("Idempotent-Replayed"), std::nullopt);
  const Answer again = send("POST", "/v1/enrolments", body, key);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.find("Idempotent-Replayed"), "true");
  EXPECT_EQ(send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M2"})", key).code(),
            "idempotency_key_reuse");
  actor_.principal = "bob";  // another principal's keys are his own
  EXPECT_EQ(send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M2"})", key).status,
            201);
}

TEST_F(ApiTest, a_load_by_webhook_is_counted_and_shown_at_once) {
  publish();
  const std::string window = enrol("M1");
  now_ = now_ + Duration::days(1);
  const Answer delivered = load("p1", 6000);
  EXPECT_EQ(delivered.status, 200);
  EXPECT_EQ(delivered.body.dump(), R"({"results":[{"id":"e-p1","outcome":"counted"}]})");
  EXPECT_EQ(load("p1", 6000).body.dump(), R"({"results":[{"id":"e-p1","outcome":"duplicate"}]})");
  const Answer progress = send("GET", "/v1/members/M1/progress");
  EXPECT_EQ(progress.body.find("instantLoadTotal")->dump(), R"({"currency":"AUD","minor":6000})");
  EXPECT_EQ(progress.body.find("remaining")->find("minor")->as_integer(), 4000);
  EXPECT_EQ(progress.body.find("notice")->find("text")->as_text(),
            "Balance updates in real-time. Bank transfers may take 2-3 days.");
  load("p2", 5000);
  const Answer page = send("GET", "/v1/members/M1/transactions?limit=1");
  EXPECT_EQ(page.body.find("items")->items().size(), 1u);
  const Answer rest =
      send("GET", "/v1/members/M1/transactions?limit=1&cursor=" + page.text("next_cursor"));
  EXPECT_EQ(rest.body.find("items")->items().size(), 1u);
  EXPECT_EQ(rest.body.find("next_cursor")->type(), Json::Type::null);
  EXPECT_EQ(send("GET", "/v1/decisions/" + window).code(), "not_decided");
  now_ = *parse_rfc3339("2025-12-03T00:00:00Z");
  run(FireTimer{WindowId(window), now_, 1, 0});
  run(FireTimer{WindowId(window), now_, 2, 0});
  const Answer decision = send("GET", "/v1/decisions/" + window);
  EXPECT_EQ(decision.text("outcome"), "qualified");
  EXPECT_EQ(decision.body.find("lines")->items().size(), 2u);
  EXPECT_EQ(send("GET", "/v1/rewards/" + window).code(), "no_reward");
  const Answer listed = send("GET", "/v1/enrolments?campaign=cold&state=decided");
  EXPECT_EQ(listed.body.find("items")->items().size(), 1u);
}

TEST_F(ApiTest, webhook_refusals) {
  publish();
  EXPECT_EQ(send("POST", "/v1/webhooks/nobody", "[]").code(), "unknown_provider");
  EXPECT_EQ(send("POST", "/v1/webhooks/cardco", "{").code(), "unparsable");
  EXPECT_EQ(send("POST", "/v1/webhooks/cardco", "[]").body.dump(), R"({"results":[]})");
  signature_ = SignatureCheck::refused;
  EXPECT_EQ(load("p1", 1).status, 401);
  signature_ = SignatureCheck::ok;
  lane_full_ = true;
  EXPECT_EQ(load("p1", 1).status, 503);
  lane_full_ = false;
  journal_failed_ = true;
  EXPECT_EQ(load("p1", 1).status, 503);
}

TEST_F(ApiTest, roles_paths_and_methods) {
  publish();
  actor_.roles = {Role::app};
  EXPECT_EQ(draft().code(), "forbidden");
  EXPECT_EQ(send("GET", "/v1/campaigns/cold").status, 200);
  EXPECT_EQ(send("GET", "/v1/campaigns/cold", "", {{"Authorization", "Bearer wrong"}}).status, 401);
  EXPECT_EQ(send("GET", "/v1/nothing").code(), "no_such_path");
  const Answer wrong = send("DELETE", "/v1/campaigns/cold");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("Allow"), "PUT, GET");
  lane_full_ = true;
  const Answer busy = send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M9"})");
  EXPECT_EQ(busy.status, 429);
  EXPECT_TRUE(busy.headers.find("Retry-After"));
  EXPECT_EQ(send("GET", "/v1/members/M1/transactions?limit=0").status, 422);
  EXPECT_EQ(send("GET", "/v1/members/M1/transactions?cursor=zz").status, 422);
  EXPECT_EQ(send("GET", "/v1/members/M1/transactions?cursor=6162").code(), "invalid");
  EXPECT_EQ(send("GET", "/v1/members/M1/transactions?cursor=6C2F4D311F").code(), "invalid");
  actor_.roles = {Role::admin};
  EXPECT_EQ(send("GET", "/v1/enrolments?campaign=cold&cursor=6162").code(), "invalid");
}

}  // namespace
}  // namespace thaw::api
