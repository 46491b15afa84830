#include "app/api/body.h"

#include <algorithm>

#include "base/card_numbers.h"

namespace thaw::api {

BodyReader::BodyReader(Json object, std::string pointer)
    : object_(std::move(object)), pointer_(std::move(pointer)) {}

void BodyReader::fault(const std::string& name, std::string message) {
  faults_.push_back({pointer_ + "/" + name, std::move(message)});
}

std::optional<Json> BodyReader::any(const char* name, bool required) {
  known_.emplace_back(name);
  auto value = object_.find(name);
  if (value && value->type() == Json::Type::null) value.reset();
  if (!value && required) fault(name, "required");
  return value;
}

std::optional<std::string> BodyReader::text(const char* name, bool required) {
  const auto value = any(name, required);
  if (!value) return std::nullopt;
  auto text = value->as_text();
  if (!text) fault(name, "a string is wanted");
  return text;
}

std::optional<std::string> BodyReader::free_text(const char* name, bool required) {
  auto written = text(name, required);
  if (written) written = mask_card_numbers(std::move(*written));
  return written;
}

std::optional<std::int64_t> BodyReader::integer(const char* name, bool required) {
  const auto value = any(name, required);
  if (!value) return std::nullopt;
  const auto integer = value->as_integer();
  if (!integer) fault(name, "a whole number is wanted");
  return integer;
}

std::optional<bool> BodyReader::boolean(const char* name) {
  const auto value = any(name);
  if (!value) return std::nullopt;
  const auto boolean = value->as_boolean();
  if (!boolean) fault(name, "true or false is wanted");
  return boolean;
}

std::optional<Money> BodyReader::money(const char* name, bool required) {
  const auto value = any(name, required);
  if (!value) return std::nullopt;
  if (value->type() != Json::Type::object) {
    fault(name, "an object with currency and minor is wanted");
    return std::nullopt;
  }
  BodyReader inner(*value, pointer_ + "/" + name);
  const auto currency =
      inner.parsed("currency", &Currency::parse, "three capital letters are wanted", true);
  const auto units = inner.integer("minor", true);
  const auto minor = units ? Minor::make(*units) : std::nullopt;
  if (units && !minor) inner.fault("minor", "at most 10^15");
  const auto faults = inner.finish();
  faults_.insert(faults_.end(), faults.begin(), faults.end());
  if (!faults.empty()) return std::nullopt;
  return Money{*currency, *minor};
}

std::optional<Instant> BodyReader::instant(const char* name) {
  return parsed(name, &parse_rfc3339, "an RFC 3339 time with an offset is wanted");
}

std::optional<Duration> BodyReader::duration(const char* name) {
  return parsed(name, &parse_iso_duration, "an ISO 8601 duration such as P30D is wanted");
}

std::vector<FieldFault> BodyReader::finish() {
  for (const std::string& name : object_.names()) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      fault(name, "unknown field");
    }
  }
  return faults_;
}

std::variant<Json, HttpResponse> parse_object(const HttpRequest& request) {
  auto json = Json::parse(request.body);
  if (!json) return make_problem(400, "unparsable", json.error().detail, request.request_id);
  if (json->type() != Json::Type::object) {
    return make_problem(400, "unparsable", "a JSON object is wanted", request.request_id);
  }
  return std::move(*json);
}

}  // namespace thaw::api
