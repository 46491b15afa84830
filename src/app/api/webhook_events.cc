#include "app/api/webhook_events.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace thaw::api {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

/// True if a field that is read comes twice: what is meant is anybody's guess, and another reader's
/// may differ.
bool repeats_a_field(object fields) {
  static constexpr std::array<std::string_view, 11> kRead{
      "id",    "type",        "provider_txn_id", "member",        "rail",    "amount",
      "minor", "occurred_at", "reverses",        "reverses_kind", "currency"};
  std::array<bool, kRead.size()> seen{};
  for (const auto& field : fields) {
    const auto found = std::find(kRead.begin(), kRead.end(), field.key);
    if (found == kRead.end()) continue;
    bool& was_seen = seen[static_cast<std::size_t>(found - kRead.begin())];
    if (was_seen) return true;
    was_seen = true;
  }
  return false;
}

/// Reads one event; the first thing wrong decides how it is rejected, by SPEC's order of reasons.
class EventReader {
 public:
  EventReader(const ProviderId& provider, object event) : event_(event) {
    out_.command.line.provider = provider;
    out_.command.line.path = Path::webhook;
  }

  WebhookEvent read() {
    Line& line = out_.command.line;
    if (repeats_a_field(event_)) reject(Placed::rejected_malformed);
    out_.id = text("id");
    if (out_.id && !is_provider_text(*out_.id)) out_.id.reset();
    if (!out_.id) reject(Placed::rejected_malformed);
    read_type();
    const auto txn_id = text("provider_txn_id");
    if (txn_id && is_provider_text(*txn_id)) {
      line.txn_id = *txn_id;
    } else {
      reject(Placed::rejected_malformed);
    }
    const auto member = text("member");
    const auto parsed = member ? parse_member_id(*member) : std::nullopt;
    if (parsed) out_.command.member = *parsed;
    if (!parsed) reject(Placed::rejected_malformed);
    read_rail();
    read_amount();
    const auto occurred = text("occurred_at");
    const auto at = occurred ? parse_rfc3339(*occurred) : std::nullopt;
    if (at) line.time = LineTime::at(*at);
    if (!at) reject(Placed::rejected_malformed);
    if (line.kind == LineKind::reversal) read_original();
    return std::move(out_);
  }

 private:
  void reject(Placed reason) {
    auto& rejected = out_.command.rejected;
    if (!rejected || reason < *rejected) rejected = reason;
  }

  std::optional<std::string> text(const char* name) {
    std::string_view value;
    if (event_[name].get_string().get(value)) return std::nullopt;
    return std::string(value);
  }

  void read_type() {
    const auto type = text("type");
    const auto kind = type ? parse_line_kind(*type) : std::nullopt;
    if (!type) reject(Placed::rejected_malformed);
    if (type && (!kind || *kind == LineKind::correction)) reject(Placed::rejected_unknown_type);
    out_.command.line.kind = kind.value_or(LineKind::load);
  }

  void read_rail() {
    element value;
    if (event_["rail"].get(value) || value.is_null()) {
      if (out_.command.line.kind == LineKind::load) reject(Placed::rejected_malformed);
      return;
    }
    const auto name = text("rail");
    out_.command.line.rail = name ? parse_rail(*name) : std::nullopt;
    if (!out_.command.line.rail) reject(Placed::rejected_unknown_rail);
  }

  void read_amount() {
    element value;
    if (event_["amount"].get(value) || value.is_null()) {
      if (out_.command.line.kind != LineKind::reversal) reject(Placed::rejected_malformed);
      return;
    }
    object amount;
    std::string_view currency;
    if (value.get_object().get(amount)) return reject(Placed::rejected_amount);
    if (repeats_a_field(amount)) reject(Placed::rejected_malformed);
    element minor;
    if (amount["currency"].get_string().get(currency) || amount["minor"].get(minor)) {
      return reject(Placed::rejected_malformed);
    }
    const auto code = Currency::parse(currency);
    if (!code) return reject(Placed::rejected_malformed);
    out_.command.line.currency = *code;
    std::int64_t units = 0;
    if (minor.get_int64().get(units) || units <= 0 || units > kLargestPayment) {
      return reject(Placed::rejected_amount);
    }
    out_.command.line.amount = Minor::make(units);
  }

  void read_original() {
    const auto reverses = text("reverses");
    if (!reverses || !is_provider_text(*reverses)) return reject(Placed::rejected_malformed);
    LineKind kind = LineKind::load;
    element stated;
    if (!event_["reverses_kind"].get(stated) && !stated.is_null()) {
      const auto name = text("reverses_kind");
      const auto parsed = name ? parse_line_kind(*name) : std::nullopt;
      if (parsed != LineKind::load && parsed != LineKind::withdrawal) {
        return reject(Placed::rejected_malformed);
      }
      kind = *parsed;
    }
    out_.command.line.original = OriginalRef{kind, *reverses};
  }

  object event_;
  WebhookEvent out_;
};

bool is_number_char(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// RFC 8259 §6: minus, digits without a leading zero, fraction, exponent.
bool is_json_number(std::string_view text) {
  const auto take = [&](std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  };
  const auto take_digits = [&] {
    if (!take("0123456789")) return false;
    while (take("0123456789")) {
    }
    return true;
  };
  take("-");
  if (!take("0") && !take_digits()) return false;
  if (take(".") && !take_digits()) return false;
  if (!take("eE")) return text.empty();
  take("+-");
  return take_digits() && text.empty();
}

/// The parser refuses a whole body for one number that it cannot hold. Such a number is never a
/// valid amount: it becomes -1, which is refused on its own line and spoils no neighbour.
std::string tame_numbers(std::string_view body) {
  constexpr std::size_t kSafeDigits = 18;
  std::string tamed;
  bool in_text = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_text && c == '\\' && i + 1 < body.size()) {
      tamed.append(body.substr(i++, 2));
      continue;
    }
    if (c == '"') in_text = !in_text;
    if (in_text || (c != '-' && (c < '0' || c > '9'))) {
      tamed += c;
      continue;
    }
    std::size_t end = i;
    while (end < body.size() && is_number_char(body[end])) ++end;
    const std::string_view token = body.substr(i, end - i);
    const bool may_overflow =
        token.size() > kSafeDigits || token.find_first_of("eE") != std::string_view::npos;
    tamed.append(may_overflow && is_json_number(token) ? "-1" : token);
    i = end - 1;
  }
  return tamed;
}

WebhookEvent read_event(const ProviderId& provider, element item) {
  object event;
  if (!item.get_object().get(event)) return EventReader(provider, event).read();
  WebhookEvent malformed;
  malformed.command.line.provider = provider;
  malformed.command.rejected = Placed::rejected_malformed;
  return malformed;
}

}  // namespace

std::expected<std::vector<WebhookEvent>, WebhookBodyFault> parse_webhook(const ProviderId& provider,
                                                                         std::string_view body) {
  thread_local simdjson::dom::parser parser;  // keeps its buffers from call to call
  element root;
  auto error = parser.parse(body.data(), body.size()).get(root);
  if (error == simdjson::NUMBER_ERROR) {
    error = parser.parse(tame_numbers(body)).get(root);
  }
  if (error) return std::unexpected(WebhookBodyFault::unparsable);
  std::vector<WebhookEvent> events;
  simdjson::dom::array items;
  if (root.get_array().get(items)) {
    if (!root.is_object()) return std::unexpected(WebhookBodyFault::unparsable);
    events.push_back(read_event(provider, root));
    return events;
  }
  if (items.size() > kMaxWebhookEvents) return std::unexpected(WebhookBodyFault::too_many);
  for (const element item : items) events.push_back(read_event(provider, item));
  return events;
}

}  // namespace thaw::api
