#include "adapters/json/json.h"

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

std::size_t depth_of(const Json& json) {
  std::size_t deepest = 0;
  for (const Json& item : json.items()) deepest = std::max(deepest, depth_of(item));
  for (const std::string& name : json.names()) {
    deepest = std::max(deepest, depth_of(*json.find(name)));
  }
  const bool is_nest = json.type() == Json::Type::array || json.type() == Json::Type::object;
  return deepest + (is_nest ? 1 : 0);
}

/// The same text as another parser has it, which keeps fields of one name.
bool repeats_a_name(const simdjson::dom::element& value) {
  simdjson::dom::array items;
  if (!value.get(items)) {
    return std::any_of(items.begin(), items.end(), repeats_a_name);
  }
  simdjson::dom::object fields;
  if (value.get(fields)) return false;
  std::vector<std::string_view> names;
  for (const auto& field : fields) {
    if (repeats_a_name(field.value)) return true;
    names.push_back(field.key);
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

bool has_fraction(const Json& json) {
  if (json.type() == Json::Type::number) return true;
  for (const Json& item : json.items()) {
    if (has_fraction(item)) return true;
  }
  const std::vector<std::string> names = json.names();
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return has_fraction(*json.find(name)); });
}

}  // namespace

void fuzz_one(std::string_view input) {
  const auto json = Json::parse(input);
  if (!json) {
    CHECK(json.error().code == ErrorCode::invalid && !json.error().detail.empty());
    return;
  }
  CHECK(depth_of(*json) <= 32);
  simdjson::dom::parser other;
  simdjson::dom::element value;
  if (!other.parse(input.data(), input.size()).get(value)) CHECK(!repeats_a_name(value));
  if (has_fraction(*json)) return;  // nothing that thaw reads is one
  const std::string printed = json->dump();
  const auto again = Json::parse(printed);
  CHECK(again && *again == *json && again->dump() == printed);
}

}  // namespace thaw
