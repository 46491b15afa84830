#include "sim/auditor/reading.h"

#include <algorithm>

#include "base/check.h"
#include "sim/auditor/calendar.h"
#include "sim/auditor/reference.h"

namespace thaw::audit {
namespace {

constexpr Duration kClockTolerance = Duration::minutes(5);
// SPEC says "too large" without a number; this is base/money.h's largest payment.
constexpr std::int64_t kLargestAmount = 100'000'000'000;

bool takes_back(const Line& line) {
  return line.kind == "reversal" || line.kind == "correction";
}

bool is_future(const Line& line, const Provider& provider) {
  const auto span = span_of(line, provider);
  const Instant clock = line.by_file ? line.recorded_at : line.received_at;
  return span && span->from > clock + kClockTolerance;
}

// A webhook knows no corrections (SPEC §3.1, "Webhook event").
bool is_known_type(const Line& line) {
  if (line.kind == "correction") return line.by_file;
  return is_payment(line.kind) || line.kind == "reversal";
}

bool has(const std::vector<std::string>& rails, const std::string& rail) {
  return std::ranges::find(rails, rail) != rails.end();
}

// A rail that is missing is another fault; see `is_malformed`.
bool is_unknown_rail(const Line& line, const Provider& provider) {
  if (line.rail.empty()) return false;
  if (class_of_rail(line.rail).empty() || !has(provider.rails, line.rail)) return true;
  return has(line.by_file ? provider.not_by_file : provider.not_by_webhook, line.rail);
}

bool is_wrong_amount(const Line& line) {
  return line.minor && (*line.minor <= 0 || *line.minor > kLargestAmount);
}

bool is_malformed(const Line& line, const Provider& provider) {
  if (line.txn_id.empty() || line.currency.size() != 3 || !span_of(line, provider)) return true;
  if (line.member.empty() && line.reference_type.empty()) return true;
  if (!line.minor && line.kind != "reversal") return true;
  if (line.kind == "load" && line.rail.empty()) return true;
  return takes_back(line) && line.reverses.empty();
}

const Provider& provider_of(const History& history, const Line& line) {
  const auto found = std::ranges::find(history.providers, line.provider, &Provider::id);
  CHECK(found != history.providers.end());  // of an unknown one nothing is ever recorded: 404
  return *found;
}

void find_owner(Reading& reading, const History& history) {
  const Line& line = *reading.line;
  if (!line.member.empty()) {
    reading.owner = line.member;
  } else if (!is_well_formed(line.reference_type, line.reference)) {
    reading.is_malformed_reference = true;
  } else if (line.reference_type == "member_id") {
    reading.owner = line.reference;
  } else {
    // Whoever holds it when the line's time begins; of a record that states its settlement date
    // alone, when that begins (docs/adr/0029).
    const Span& span = reading.span;
    const Instant at =
        span.date ? start_of_day(*span.date, reading.provider->time_zone) : span.from;
    reading.claim = find_claim(history, line.reference_type, line.reference, at);
    if (reading.claim != nullptr) reading.owner = reading.claim->member;
  }
}

}  // namespace

bool is_payment(std::string_view kind) {
  return kind == "load" || kind == "withdrawal";
}

std::vector<std::string_view> named_kinds(const Line& line) {
  if (line.reverses.empty()) return {};
  if (line.reverses_kind.empty()) return {"load", "withdrawal"};
  return {line.reverses_kind};
}

std::string_view rejection_of(const Line& line, const Provider& provider) {
  if (is_future(line, provider)) return "future";
  if (!is_known_type(line)) return "unknown_type";
  if (is_unknown_rail(line, provider)) return "unknown_rail";
  if (is_wrong_amount(line)) return "amount";
  return is_malformed(line, provider) ? "malformed" : "";
}

Reading read_line(const History& history, const Line& line, bool is_taken_in) {
  Reading reading;
  reading.line = &line;
  reading.provider = &provider_of(history, line);
  reading.is_taken_in = is_taken_in;
  reading.rejection = rejection_of(line, *reading.provider);
  if (!reading.rejection.empty()) return reading;
  reading.span = *span_of(line, *reading.provider);
  reading.rail_class = class_of_rail(line.rail);
  find_owner(reading, history);
  return reading;
}

}  // namespace thaw::audit
