#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "adapters/http/client.h"
#include "adapters/json/json.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"

namespace thaw::cli {
namespace {

constexpr Duration kCallTimeout = Duration::minutes(10);  // a large import

std::string show_value(const Json& value) {
  if (value.type() == Json::Type::text) return *value.as_text();
  const auto currency = value.type() == Json::Type::object ? value.find("currency") : std::nullopt;
  const auto minor = currency ? value.find("minor") : std::nullopt;
  if (minor && minor->as_integer()) {
    const std::int64_t units = *minor->as_integer();
    return fmt::format("{} {}.{:02}", currency->as_text().value_or(""), units / 100, units % 100);
  }
  return value.type() == Json::Type::null ? "-" : value.dump();
}

/// A field of the answer; `sum` is null where no amount can hold it.
std::string show_field(const std::string& name, const Json& value) {
  if (name == "sum" && value.type() == Json::Type::null) return "too large to show";
  return show_value(value);
}

void show_object(const Json& object) {
  std::size_t width = 0;
  for (const std::string& name : object.names()) width = std::max(width, name.size());
  for (const std::string& name : object.names()) {
    const Json value = *object.find(name);
    if (value.type() == Json::Type::array && !value.items().empty()) {
      fmt::print("{}:\n", name);
      for (const Json& item : value.items()) fmt::print("  {}\n", item.dump());
    } else {
      fmt::print("{:<{}}  {}\n", name, width, show_field(name, value));
    }
  }
}

/// One line an item, its fields in columns.
void show_items(const std::vector<Json>& items) {
  if (items.empty()) fmt::print("none\n");
  for (const Json& item : items) {
    std::string line;
    for (const std::string& name : item.names()) {
      const Json value = *item.find(name);
      if (value.type() == Json::Type::array) continue;
      line += fmt::format("{}{}={}", line.empty() ? "" : "  ", name, show_field(name, value));
    }
    fmt::print("{}\n", line);
  }
}

void show(const std::string& body, bool as_json) {
  const auto json = Json::parse(body);
  if (as_json || !json || json->type() != Json::Type::object) {
    fmt::print("{}\n", body);
    return;
  }
  const auto items = json->find("items");
  if (items) {
    show_items(items->items());
  } else {
    show_object(*json);
  }
}

int show_problem(int status, const std::string& body, bool as_json) {
  if (as_json) fmt::print("{}\n", body);
  const auto json = Json::parse(body);
  const auto text = [&](const char* name) {
    const auto field = json && json->type() == Json::Type::object ? json->find(name) : std::nullopt;
    return field ? show_value(*field) : "";
  };
  fmt::print(stderr, "thaw: {} {}: {}\n", status, text("code"), text("detail"));
  for (const char* name : {"line", "column", "errors"}) {
    if (const std::string value = text(name); !value.empty()) {
      fmt::print(stderr, "  {}: {}\n", name, value);
    }
  }
  return kFailed;
}

}  // namespace

int call_server(const CallArguments& arguments, const ServerCall& call) {
  HttpClientOptions options;
  options.url = arguments.server;
  auto client = HttpClient::make(options);
  if (!client) return fail_command(client.error());
  HttpCallRequest request{call.method, call.target, {}, call.body};
  if (!arguments.key.empty()) request.headers.add("Authorization", "Bearer " + arguments.key);
  if (!call.body.empty()) request.headers.add("Content-Type", call.content_type);
  const auto answer = (*client)->send(request, kCallTimeout);
  if (const auto* error = std::get_if<HttpCallError>(&answer)) {
    return fail_command(
        fmt::format("{}: {} (is `thaw serve` running there?)", arguments.server, error->detail));
  }
  const auto& response = std::get<HttpResponse>(answer);
  if (response.status >= 300) {
    return show_problem(response.status, response.body, arguments.as_json);
  }
  show(response.body, arguments.as_json);
  return kOk;
}

std::string encode(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '~';
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

Result<std::string> read_input(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, path + ": cannot be read");
  text << file.rdbuf();
  return text.str();
}

int fail_command(const std::string& what) {
  fmt::print(stderr, "thaw: {}\n", what);
  return kFailed;
}

int fail_command(const Error& error) {
  return fail_command(fmt::format("{}: {}", to_string(error.code), error.detail));
}

}  // namespace thaw::cli
