#include <algorithm>

#include "adapters/json/json.h"
#include "app/api/webhook_events.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

using api::WebhookEvent;

const ProviderId kProvider("cardco");

void check_amount(const Line& line) {
  if (!line.amount) return;
  CHECK(line.amount->units() > 0 && line.amount->units() <= kLargestPayment);
  CHECK(Currency::parse(line.currency.text()));
}

/// What is not rejected is whole: rules may rely on it.
void check_accepted(const WebhookEvent& event) {
  const Line& line = event.command.line;
  CHECK(event.id && is_provider_text(line.txn_id));
  CHECK(parse_member_id(event.command.member.text()) == event.command.member);
  CHECK(line.kind != LineKind::correction);
  CHECK(line.kind != LineKind::load || line.rail);
  CHECK(line.kind == LineKind::reversal || line.amount);
  CHECK((line.kind == LineKind::reversal) == line.original.has_value());
  CHECK(line.time.from >= kEarliestInstant && line.time.from <= kLatestInstant);
  if (line.original) {
    CHECK(is_provider_text(line.original->txn_id));
    CHECK(line.original->kind == LineKind::load || line.original->kind == LineKind::withdrawal);
  }
}

bool is_same(const WebhookEvent& a, const WebhookEvent& b) {
  return a.id == b.id && a.command.member == b.command.member && a.command.line == b.command.line &&
         a.command.rejected == b.command.rejected;
}

/// A neighbour changes nothing (SPEC §3.1).
void check_beside_another(std::string_view one, const WebhookEvent& alone) {
  const std::string neighbour = R"({"id":"e","amount":{"minor":1e400}})";
  const auto both = api::parse_webhook(kProvider, "[" + neighbour + "," + std::string(one) + "]");
  CHECK(both && both->size() == 2 && is_same((*both)[1], alone));
  CHECK((*both)[0].command.rejected == Placed::rejected_malformed);
}

bool nests_deeply(std::string_view body) {
  return std::ranges::count_if(body, [](char c) { return c == '[' || c == '{'; }) > 30;
}

/// A body that is taken is JSON to another parser, too: what it means is nobody's guess.
void check_is_json(std::string_view body) {
  const auto json = Json::parse(body);
  if (json || nests_deeply(body)) return;
  const std::string& why = json.error().detail;  // what is ours to take, and not that one's
  CHECK(why.ends_with("comes twice") || why.find("exponent") != std::string::npos);
}

}  // namespace

void fuzz_one(std::string_view input) {
  const auto events = api::parse_webhook(kProvider, input);
  if (!events) return;
  check_is_json(input);
  CHECK(events->size() <= api::kMaxWebhookEvents);
  for (const WebhookEvent& event : *events) {
    CHECK(event.command.line.provider == kProvider && event.command.line.path == Path::webhook);
    CHECK(!event.id || is_provider_text(*event.id));
    check_amount(event.command.line);
    if (!event.command.rejected) check_accepted(event);
  }
  const std::size_t begin = input.find_first_not_of(" \t\r\n");
  if (input[begin] == '{' && !nests_deeply(input)) check_beside_another(input, events->front());
}

}  // namespace thaw
