#include "app/api/webhook_events.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace thaw::api {
namespace {

const ProviderId kCardco("cardco");

constexpr const char* kGood =
    R"({"id":"evt_1","type":"load","provider_txn_id":"pi_9","member":"M1","rail":"apple_pay",)"
    R"("amount":{"currency":"AUD","minor":5000},"occurred_at":"2025-11-03T02:11:09.123Z","new_field":{"x":[1]}})";

WebhookEvent parse_one(const std::string& body) {
  const auto events = parse_webhook(kCardco, body);
  EXPECT_TRUE(events) << body;
  EXPECT_EQ(events->size(), 1u) << body;
  return events->front();
}

std::string changed(const std::string& from, const std::string& to) {
  std::string body = kGood;
  const std::size_t at = body.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return body.replace(at, from.size(), to);
}

TEST(WebhookEvents, reads_a_load) {
  const WebhookEvent event = parse_one(kGood);
  EXPECT_EQ(event.id, "evt_1");
  EXPECT_EQ(event.command.rejected, std::nullopt);
  EXPECT_EQ(event.command.member.text(), "M1");
  const Line& line = event.command.line;
  EXPECT_EQ(line.provider, kCardco);
  EXPECT_EQ(line.txn_id, "pi_9");
  EXPECT_EQ(line.rail, Rail::apple_pay);
  EXPECT_EQ(line.amount, Minor::of(5000));
  EXPECT_EQ(to_rfc3339(line.time.from), "2025-11-03T02:11:09.123Z");
}

TEST(WebhookEvents, rejects_by_the_first_reason_in_order) {
  const std::pair<std::string, Placed> cases[] = {
      {changed("\"load\"", "\"refund\""), Placed::rejected_unknown_type},
      {changed("\"load\"", "\"correction\""), Placed::rejected_unknown_type},
      {changed("\"type\":\"load\",", ""), Placed::rejected_malformed},
      {changed("apple_pay", "pigeon"), Placed::rejected_unknown_rail},
      {changed("\"rail\":\"apple_pay\",", ""), Placed::rejected_malformed},
      {changed("5000", "0"), Placed::rejected_amount},
      {changed("5000", "-1"), Placed::rejected_amount},
      {changed("5000", "1.5"), Placed::rejected_amount},
      {changed("5000", "\"5000\""), Placed::rejected_amount},
      {changed("5000", "99999999999999999999999"), Placed::rejected_amount},
      {changed("5000", "100000000001"), Placed::rejected_amount},
      {changed("{\"currency\":\"AUD\",\"minor\":5000}", "5000"), Placed::rejected_amount},
      {changed("{\"currency\":\"AUD\",\"minor\":5000}", "null"), Placed::rejected_malformed},
      {changed(",\"minor\":5000", ""), Placed::rejected_malformed},
      {changed("AUD", "aud"), Placed::rejected_malformed},
      {changed("\"M1\"", "\"a@b.example\""), Placed::rejected_malformed},
      {changed("\"M1\"", "17"), Placed::rejected_malformed},
      {changed("\"M1\"", "\"M1\",\"member\":\"M2\""), Placed::rejected_malformed},
      {changed("5000", "5000,\"minor\":9000"), Placed::rejected_malformed},
      {changed("\"id\":\"evt_1\",", ""), Placed::rejected_malformed},
      {changed("\"evt_1\"", "5"), Placed::rejected_malformed},
      {changed("\"pi_9\"", "\"\""), Placed::rejected_malformed},
      {changed("2025-11-03T02:11:09.123Z", "2025-11-03"), Placed::rejected_malformed},
      {changed("\"load\"", "\"reversal\""), Placed::rejected_malformed},
      {"[5]", Placed::rejected_malformed},
  };
  for (const auto& [body, reason] : cases) {
    EXPECT_EQ(parse_one(body).command.rejected, reason) << body;
  }
}

TEST(WebhookEvents, reads_reversals_with_and_without_amount) {
  std::string body = changed("\"load\"", "\"reversal\",\"reverses\":\"pi_8\"");
  EXPECT_EQ(parse_one(body).command.line.original, (OriginalRef{LineKind::load, "pi_8"}));
  body = changed("\"amount\":{\"currency\":\"AUD\",\"minor\":5000},", "");
  body.replace(body.find("\"load\""), 6,
               "\"reversal\",\"reverses\":\"w1\",\"reverses_kind\":\"withdrawal\"");
  const WebhookEvent event = parse_one(body);
  EXPECT_EQ(event.command.rejected, std::nullopt);
  EXPECT_EQ(event.command.line.amount, std::nullopt);
  EXPECT_EQ(event.command.line.original, (OriginalRef{LineKind::withdrawal, "w1"}));
}

TEST(WebhookEvents, reads_arrays_up_to_500) {
  EXPECT_EQ(parse_webhook(kCardco, "[]")->size(), 0u);
  std::string many = "[";
  for (int i = 0; i < 501; ++i) many += std::string(i ? "," : "") + kGood;
  EXPECT_EQ(parse_webhook(kCardco, many + "]").error(), WebhookBodyFault::too_many);
  const auto mixed = parse_webhook(kCardco, fmt::format("[{},{{}},{}]", kGood, kGood));
  ASSERT_TRUE(mixed);
  EXPECT_EQ((*mixed)[1].command.rejected, Placed::rejected_malformed);
  EXPECT_EQ((*mixed)[2].command.rejected, std::nullopt);
}

TEST(WebhookEvents, refuses_what_is_not_json) {
  for (const char* body : {"", "{", "5", "\"x\"", "null", "{}x", "\xff"}) {
    EXPECT_FALSE(parse_webhook(kCardco, body)) << body;
  }
}

TEST(WebhookEvents, a_number_that_is_none_makes_the_whole_body_unparsable) {
  for (const char* number : {"1e", "1e+", "-", "1.e5", "01e5", "1-5e5", "1+22222222222222222222"}) {
    const std::string body = fmt::format(R"([{{"amount":{{"minor":{}}}}}])", number);
    EXPECT_FALSE(parse_webhook(kCardco, body)) << body;
  }
  for (const char* number : {"1e400", "-1.5E-400", "22222222222222222222", "0e9999999999"}) {
    const std::string body = fmt::format(R"([{{"amount":{{"minor":{}}}}},{}])", number, kGood);
    const auto events = parse_webhook(kCardco, body);
    ASSERT_TRUE(events) << body;
    EXPECT_EQ((*events)[1].command.rejected, std::nullopt);
  }
}

}  // namespace
}  // namespace thaw::api
