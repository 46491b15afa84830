#include "adapters/loyalty/points_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "adapters/loyalty/text_forms.h"
#include "base/text.h"

namespace thaw {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kReferenceMax = 256;

std::optional<std::string> text_of(const object& in, std::string_view name) {
  std::string_view text;
  if (in[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

std::optional<PointsState> state_of(const object& in) {
  const auto status = text_of(in, "status");
  if (status == "issued") return PointsState::issued;
  if (status == "reversed") return PointsState::reversed;
  return std::nullopt;
}

std::optional<std::string> reference_of(const object& in) {
  auto reference = text_of(in, "reference");
  if (!reference || reference->empty() || reference->size() > kReferenceMax) return std::nullopt;
  return reference;
}

std::optional<PointsEntry> parse_entry(const element& item) {
  object in;
  if (item.get(in) != simdjson::SUCCESS) return std::nullopt;
  PointsEntry entry;
  const auto key = text_of(in, "idempotencyKey");
  const auto member = text_of(in, "memberId");
  const auto state = state_of(in);
  const auto reference = reference_of(in);
  const auto issued_at = parse_rfc3339(text_of(in, "issuedAt").value_or(""));
  if (!key || !member || !state || !reference || !issued_at) return std::nullopt;
  if (in["points"].get(entry.points) != simdjson::SUCCESS) return std::nullopt;
  entry.idempotency_key = *key;
  entry.member = *member;
  entry.state = *state;
  entry.reference = *reference;
  entry.issued_at = *issued_at;
  if (const auto reversed_at = text_of(in, "reversedAt")) {
    entry.reversed_at = parse_rfc3339(*reversed_at);
    if (!entry.reversed_at) return std::nullopt;
  }
  return entry;
}

}  // namespace

std::optional<PointsBody> parse_points_body(std::string_view text, std::string_view expected_key) {
  simdjson::dom::parser parser;
  object body;
  if (parser.parse(text.data(), text.size()).get(body) != simdjson::SUCCESS) return std::nullopt;
  const auto state = state_of(body);
  const auto reference = reference_of(body);
  if (!state || !reference) return std::nullopt;
  if (text_of(body, "idempotencyKey").value_or(std::string(expected_key)) != expected_key) {
    return std::nullopt;
  }
  return PointsBody{*state, *reference};
}

std::optional<PointsPage> parse_points_page(std::string_view text) {
  simdjson::dom::parser parser;
  object body;
  simdjson::dom::array items;
  if (parser.parse(text.data(), text.size()).get(body) != simdjson::SUCCESS ||
      body["items"].get(items) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  PointsPage page;
  for (const element item : items) {
    auto entry = parse_entry(item);
    if (!entry) return std::nullopt;
    page.entries.push_back(std::move(*entry));
  }
  element cursor;
  if (body["next_cursor"].get(cursor) != simdjson::SUCCESS || cursor.is_null()) return page;
  std::string_view next;
  if (cursor.get(next) != simdjson::SUCCESS || next.empty()) return std::nullopt;
  page.next_cursor = next;
  return page;
}

std::string parse_problem_code(std::string_view text) {
  simdjson::dom::parser parser;
  object body;
  if (parser.parse(text.data(), text.size()).get(body) != simdjson::SUCCESS) return "";
  const auto code = text_of(body, "code");
  const std::string shown = code ? *code : text_of(body, "title").value_or("");
  if (!is_printable_utf8(shown)) return "";
  return std::string(cut_utf8(shown, 128));
}

std::string make_issue_body(const PointsIssueRequest& request) {
  return fmt::format(R"({{"memberId":{},"points":{},"idempotencyKey":{},"reason":{}}})",
                     json_quote(request.member), request.points,
                     json_quote(request.idempotency_key), json_quote(request.reason));
}

}  // namespace thaw
