#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/context.h"
#include "base/result.h"

namespace thaw {

/// One API key as DATA/keys.json keeps it: the key itself is shown once and stored as a hash.
struct ApiKey {
  std::string id;  // "k_3f9a…": the part of the key that names it
  std::string principal;
  std::vector<api::Role> roles;
  std::string sha256;
  Instant created_at;
  bool is_revoked = false;
};

/// The keys of a data folder. A change by another process is seen at the next call after a second,
/// so that keys rotate without a restart. Thread-safe.
class ApiKeys {
 public:
  explicit ApiKeys(std::string folder) : path_(std::move(folder) + "/keys.json") {}

  /// The holder of a key that is not revoked.
  std::optional<api::Actor> find(std::string_view key);

  Result<std::vector<ApiKey>> load() const;
  /// Makes a key for a principal; the answer is the key itself, never to be seen again.
  Result<std::string> add(const std::string& principal, const std::vector<api::Role>& roles,
                          Instant now);
  /// ErrorCode::not_found for an id that there is not.
  Status revoke(const std::string& id);

 private:
  Status store(const std::vector<ApiKey>& keys) const;
  void refresh();

  const std::string path_;
  std::mutex mutex_;
  std::vector<ApiKey> cached_;
  std::int64_t looked_at_ms_ = -1;  // monotonic
};

}  // namespace thaw
