#include "app/api/openapi.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "adapters/json/json.h"
#include "app/api/routes.h"

namespace thaw::api {
namespace {

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, '/');) parts.push_back(part);
  return parts;
}

/// "get /v1/rewards/*", of a path with or without names for what varies.
std::string describe(std::string_view method, const std::vector<std::string>& segments) {
  std::string text = to_lower(method) + " ";
  for (const std::string& segment : segments) {
    text += "/" + (segment.starts_with('{') ? "*" : segment);
  }
  return text;
}

std::set<std::string> to_names(const std::vector<Role>& roles) {
  std::set<std::string> names;
  for (const Role role : roles) names.emplace(to_string(role));
  return names;
}

/// Each operation of the document, by what `describe` says of it.
std::map<std::string, Json> find_operations(const Json& document) {
  std::map<std::string, Json> operations;
  const Json paths = *document.find("paths");
  for (const std::string& path : paths.names()) {
    const Json item = *paths.find(path);
    for (const std::string& method : item.names()) {
      operations.emplace(describe(method, split(path.substr(1))), *item.find(method));
    }
  }
  return operations;
}

void collect_refs(const Json& value, std::set<std::string>& refs) {
  for (const std::string& name :
       value.type() == Json::Type::object ? value.names() : std::vector<std::string>()) {
    const Json field = *value.find(name);
    if (name == "$ref") refs.insert(field.as_text().value_or(""));
    collect_refs(field, refs);
  }
  if (value.type() != Json::Type::array) return;
  for (const Json& item : value.items()) collect_refs(item, refs);
}

class OpenApiTest : public testing::Test {
 protected:
  OpenApiTest() {
    const auto parsed = Json::parse(kOpenApi);
    EXPECT_TRUE(parsed);
    if (parsed) document_ = *parsed;
  }
  Json document_;
};

TEST_F(OpenApiTest, has_every_route_with_its_roles_and_no_other) {
  auto operations = find_operations(document_);
  for (const Route& route : all_routes()) {
    const std::string name = describe(route.method, {route.path.begin(), route.path.end()});
    const auto found = operations.find(name);
    ASSERT_NE(found, operations.end()) << name;
    std::set<std::string> roles;
    for (const Json& role : found->second.find("x-roles")->items()) roles.insert(*role.as_text());
    EXPECT_EQ(roles, to_names(route.roles)) << name;
    EXPECT_EQ(found->second.find("security").has_value(), route.roles.empty()) << name;
    operations.erase(found);
  }
  for (const auto& [name, operation] : operations) ADD_FAILURE() << "no such route: " << name;
}

TEST_F(OpenApiTest, refers_to_what_it_has) {
  std::set<std::string> refs;
  collect_refs(document_, refs);
  EXPECT_FALSE(refs.empty());
  for (const std::string& ref : refs) {
    std::optional<Json> at = document_;
    for (const std::string& step : split(ref.substr(2))) {
      at = at->find(step);
      ASSERT_TRUE(at) << ref;
    }
  }
}

}  // namespace
}  // namespace thaw::api
