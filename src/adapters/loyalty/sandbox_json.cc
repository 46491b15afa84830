#include "adapters/loyalty/sandbox_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "adapters/loyalty/text_forms.h"

namespace thaw {
namespace {

constexpr std::int64_t kPointsMax = 1'000'000'000;
constexpr std::size_t kTextMax = 256;

using simdjson::dom::element;

bool read_text(const element& value, std::string& into) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS || text.empty() || text.size() > kTextMax) return false;
  into = text;
  return true;
}

bool read_points(const element& value, std::int64_t& into) {
  return value.get(into) == simdjson::SUCCESS && into > 0 && into <= kPointsMax;
}

bool read_field(std::string_view name, const element& value, PointsIssueRequest& request) {
  if (name == "memberId") return read_text(value, request.member);
  if (name == "points") return read_points(value, request.points);
  if (name == "idempotencyKey") return read_text(value, request.idempotency_key);
  if (name == "reason") return read_text(value, request.reason);
  return false;
}

}  // namespace

Result<PointsIssueRequest> parse_issue_body(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(text.data(), text.size()).get(fields) != simdjson::SUCCESS) {
    return fail(ErrorCode::invalid, "the body is not a JSON object");
  }
  PointsIssueRequest request;
  for (const auto& [name, value] : fields) {
    if (!read_field(name, value, request)) {
      return fail(ErrorCode::invalid, fmt::format("field '{}' is wrong or unknown", name));
    }
  }
  if (request.member.empty() || request.points == 0 || request.idempotency_key.empty() ||
      request.reason.empty()) {
    return fail(ErrorCode::invalid, "memberId, points, idempotencyKey and reason are required");
  }
  return request;
}

std::string make_entry_json(const PointsEntry& entry) {
  const std::string reversed =
      entry.reversed_at ? json_quote(to_rfc3339(*entry.reversed_at)) : "null";
  return fmt::format(
      R"({{"status":"{}","reference":{},"idempotencyKey":{},"memberId":{},"points":{},)"
      R"("issuedAt":"{}","reversedAt":{}}})",
      entry.state == PointsState::reversed ? "reversed" : "issued", json_quote(entry.reference),
      json_quote(entry.idempotency_key), json_quote(entry.member), entry.points,
      to_rfc3339(entry.issued_at), reversed);
}

std::string make_ledger_json(const SandboxTotals& totals,
                             const std::vector<SandboxMovement>& movements,
                             std::int64_t next_cursor) {
  std::string items;
  for (const SandboxMovement& movement : movements) {
    if (!items.empty()) items += ',';
    items += fmt::format(
        R"({{"number":{},"kind":"{}","idempotencyKey":{},"memberId":{},"points":{},"reason":{},)"
        R"("reference":"{}","at":"{}"}})",
        movement.number, movement.is_reversal ? "reversal" : "issue", json_quote(movement.key),
        json_quote(movement.member), movement.points, json_quote(movement.reason),
        movement.reference, to_rfc3339(movement.at));
  }
  return fmt::format(
      R"({{"totals":{{"issues":{},"reversals":{},"points_issued":{},"points_reversed":{},)"
      R"("keys_issued_twice":{}}},"items":[{}],"next_cursor":{}}})",
      totals.issues, totals.reversals, totals.points_issued, totals.points_reversed,
      totals.keys_issued_twice, items, make_cursor_json(next_cursor));
}

std::string make_cursor_json(std::int64_t next_cursor) {
  return next_cursor == 0 ? "null" : fmt::format("\"{}\"", next_cursor);
}

}  // namespace thaw
