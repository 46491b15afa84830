#include "app/server/api_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/clock/clock.h"
#include "adapters/crypto/secrets.h"
#include "adapters/json/json.h"
#include "base/sha256.h"

namespace thaw {
namespace {

bool is_principal(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@' ||
           c == '-';
  });
}

std::string make_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

Json to_json(const ApiKey& key) {
  Json roles = Json::array();
  for (const api::Role role : key.roles) roles.push(to_string(role));
  return Json::object()
      .set("id", key.id)
      .set("principal", key.principal)
      .set("roles", roles)
      .set("sha256", key.sha256)
      .set("created_at", to_rfc3339(key.created_at))
      .set("revoked", key.is_revoked);
}

std::string text_of(const Json& json, const char* name) {
  const auto field = json.find(name);
  return field ? field->as_text().value_or("") : "";
}

std::optional<ApiKey> from_json(const Json& json) {
  ApiKey key;
  key.id = text_of(json, "id");
  key.principal = text_of(json, "principal");
  key.sha256 = text_of(json, "sha256");
  key.created_at = parse_rfc3339(text_of(json, "created_at")).value_or(Instant{});
  const auto revoked = json.find("revoked");
  key.is_revoked = revoked && revoked->as_boolean().value_or(false);
  const auto roles = json.find("roles");
  for (const Json& item : roles ? roles->items() : std::vector<Json>()) {
    const auto role = api::parse_role(item.as_text().value_or(""));
    if (!role) return std::nullopt;
    key.roles.push_back(*role);
  }
  if (key.id.empty() || key.principal.empty() || key.sha256.empty()) return std::nullopt;
  return key;
}

}  // namespace

Result<std::vector<ApiKey>> ApiKeys::load() const {
  std::vector<ApiKey> keys;
  std::ifstream file(path_);
  if (!file) return keys;
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = Json::parse(text.str());
  if (!json || json->type() != Json::Type::array) {
    return fail(ErrorCode::corrupt, path_ + ": a list of keys is wanted");
  }
  for (const Json& item : json->items()) {
    auto key = from_json(item);
    if (!key) return fail(ErrorCode::corrupt, path_ + ": not a key: " + item.dump());
    keys.push_back(std::move(*key));
  }
  return keys;
}

Status ApiKeys::store(const std::vector<ApiKey>& keys) const {
  Json list = Json::array();
  for (const ApiKey& key : keys) list.push(to_json(key));
  const std::string passing = path_ + ".new";
  namespace fs = std::filesystem;
  std::error_code error;
  {
    std::ofstream file(passing, std::ios::trunc);
    fs::permissions(passing, fs::perms::owner_read | fs::perms::owner_write, error);
    file << list.dump() << '\n';
    file.flush();
    if (!file || error) return fail(ErrorCode::io, passing + ": cannot be written");
  }
  fs::rename(passing, path_, error);
  if (error) return fail(ErrorCode::io, path_ + ": " + error.message());
  return {};
}

Result<std::string> ApiKeys::add(const std::string& principal, const std::vector<api::Role>& roles,
                                 Instant now) {
  const std::scoped_lock lock(mutex_);
  if (!is_principal(principal)) {
    return fail(ErrorCode::invalid,
                "--principal: [a-z0-9._@-]{1,64} is wanted, in lower case: the "
                "two-person rule compares names");
  }
  auto keys = load();
  if (!keys) return fail_with(keys);
  const auto id = make_random_bytes(6);
  const auto secret = make_random_bytes(24);
  if (!id || !secret) return fail(ErrorCode::io, "no random bytes from the system");
  ApiKey key{"k_" + make_hex(*id), principal, roles, "", now, false};
  const std::string text = key.id + "_" + make_hex(*secret);
  key.sha256 = to_hex(sha256(text));
  keys->push_back(std::move(key));
  if (const Status stored = store(*keys); !stored) return fail_with(stored);
  return text;
}

Status ApiKeys::revoke(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  auto keys = load();
  if (!keys) return fail_with(keys);
  const auto found =
      std::find_if(keys->begin(), keys->end(), [&](const ApiKey& key) { return key.id == id; });
  if (found == keys->end()) return fail(ErrorCode::not_found, "no key has the id " + id);
  found->is_revoked = true;
  return store(*keys);
}

void ApiKeys::refresh() {
  const std::int64_t now = monotonic_ms();
  if (looked_at_ms_ >= 0 && now < looked_at_ms_ + 1000) return;
  looked_at_ms_ = now;
  // A file that cannot be read keeps the keys that were good a second ago.
  if (auto keys = load()) cached_ = std::move(*keys);
}

std::optional<api::Actor> ApiKeys::find(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  refresh();
  const std::string digest = to_hex(sha256(text));
  for (const ApiKey& key : cached_) {
    if (!text.starts_with(key.id) || !equal_in_constant_time(key.sha256, digest)) continue;
    if (key.is_revoked) return std::nullopt;
    return api::Actor{key.principal, key.roles, true};
  }
  return std::nullopt;
}

}  // namespace thaw
