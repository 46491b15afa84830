#include "adapters/json/json.h"

#include <boost/json/src.hpp>
#include <utility>

#include "base/check.h"

namespace thaw {

namespace bj = boost::json;

struct Json::Value {
  bj::value json;
};

namespace {

/// Fields of all objects as the text has them: in JSON each has one colon outside of texts.
std::size_t count_fields(std::string_view text) {
  std::size_t count = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_text = !in_text;
    if (in_text && text[i] == '\\') ++i;
    if (!in_text && text[i] == ':') ++count;
  }
  return count;
}

/// Fields of all objects as they were read: of those with one name there is the last only.
std::size_t count_fields(const bj::value& value) {
  std::size_t count = 0;
  if (const bj::object* object = value.if_object()) {
    count += object->size();
    for (const auto& field : *object) count += count_fields(field.value());
  }
  if (const bj::array* array = value.if_array()) {
    for (const bj::value& item : *array) count += count_fields(item);
  }
  return count;
}

}  // namespace

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
  Json json;
  json.value_->json = parser.release();
  if (count_fields(json.value_->json) != count_fields(text)) {
    return fail(ErrorCode::invalid, "a name comes twice in one object");
  }
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
