#include "adapters/json/json.h"

#include <boost/json/src.hpp>
#include <set>
#include <utility>

#include "base/check.h"

namespace thaw {

namespace bj = boost::json;

struct Json::Value {
  bj::value json;
};

Json::Json() : value_(std::make_unique<Value>()) {}
Json::Json(std::unique_ptr<Value> value) : value_(std::move(value)) {}
Json::Json(bool value) : Json() {
  value_->json = value;
}
Json::Json(std::int64_t value) : Json() {
  value_->json = value;
}
Json::Json(std::string_view value) : Json() {
  value_->json = bj::string(bj::string_view(value.data(), value.size()));
}
Json::Json(const Json& other) : value_(std::make_unique<Value>(*other.value_)) {}
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json other) noexcept {
  std::swap(value_, other.value_);
  return *this;
}
Json::~Json() = default;

Json Json::object() {
  Json json;
  json.value_->json = bj::object();
  return json;
}

Json Json::array() {
  Json json;
  json.value_->json = bj::array();
  return json;
}

namespace {

/// The end of the string literal that begins at `at`, in text that is JSON.
std::size_t end_of_literal(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// A key that an object of the text has twice. The parser keeps the last of them, and another
/// reader may keep the first. `text` is JSON: a string before a colon is a key.
std::optional<std::string> find_repeated_key(std::string_view text) {
  std::vector<std::set<std::string>> objects;  // those around the place at hand
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '{') objects.emplace_back();
    if (c == '}') objects.pop_back();
    if (c != '"') {
      ++at;
      continue;
    }
    const std::size_t end = end_of_literal(text, at);
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && text[next] == ':') {
      bj::error_code none;  // it was parsed before
      const bj::value key = bj::parse(bj::string_view(text.data() + at, end - at), none);
      const bj::string& name = key.get_string();
      const auto [place, is_new] = objects.back().emplace(name.data(), name.size());
      if (!is_new) return *place;
    }
    at = end;
  }
  return std::nullopt;
}

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  bj::stream_parser parser;
  bj::error_code error;
  std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && read < text.size()) {
    const std::string_view rest = text.substr(read);
    if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      return fail(ErrorCode::invalid, "text after the JSON value, at byte " + std::to_string(read));
    }
  }
  if (!error) parser.finish(error);
  if (error) {
    return fail(ErrorCode::invalid,
                "not JSON at byte " + std::to_string(read) + ": " + error.message());
  }
  if (const auto key = find_repeated_key(text)) {
    return fail(ErrorCode::invalid, "the field '" + *key + "' comes twice");
  }
  Json json;
  json.value_->json = parser.release();
  return json;
}

Json::Type Json::type() const {
  switch (value_->json.kind()) {
    case bj::kind::null: return Type::null;
    case bj::kind::bool_: return Type::boolean;
    case bj::kind::int64:
    case bj::kind::uint64: return Type::integer;
    case bj::kind::double_: return Type::number;
    case bj::kind::string: return Type::text;
    case bj::kind::array: return Type::array;
    case bj::kind::object: return Type::object;
  }
  CHECK(false);
}

std::optional<bool> Json::as_boolean() const {
  const bool* value = value_->json.if_bool();
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Json::as_integer() const {
  const std::int64_t* value = value_->json.if_int64();
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::string> Json::as_text() const {
  const bj::string* value = value_->json.if_string();
  return value ? std::optional(std::string(value->data(), value->size())) : std::nullopt;
}

Json& Json::set(std::string_view name, Json value) {
  CHECK(value_->json.is_object());
  value_->json.get_object()[bj::string_view(name.data(), name.size())] =
      std::move(value.value_->json);
  return *this;
}

std::optional<Json> Json::find(std::string_view name) const {
  const bj::object* object = value_->json.if_object();
  const bj::value* found =
      object ? object->if_contains(bj::string_view(name.data(), name.size())) : nullptr;
  if (!found) return std::nullopt;
  Json json;
  json.value_->json = *found;
  return json;
}

std::vector<std::string> Json::names() const {
  std::vector<std::string> names;
  if (const bj::object* object = value_->json.if_object()) {
    for (const auto& field : *object) names.emplace_back(field.key().data(), field.key().size());
  }
  return names;
}

Json& Json::push(Json value) {
  CHECK(value_->json.is_array());
  value_->json.get_array().push_back(std::move(value.value_->json));
  return *this;
}

std::vector<Json> Json::items() const {
  std::vector<Json> items;
  if (const bj::array* array = value_->json.if_array()) {
    for (const bj::value& item : *array) {
      Json json;
      json.value_->json = item;
      items.push_back(std::move(json));
    }
  }
  return items;
}

std::string Json::dump() const {
  return bj::serialize(value_->json);
}

bool operator==(const Json& a, const Json& b) {
  return a.value_->json == b.value_->json;
}

}  // namespace thaw
