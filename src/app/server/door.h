#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>

#include "adapters/crypto/hmac.h"
#include "adapters/crypto/standard_webhooks.h"
#include "app/api/context.h"
#include "app/config/config.h"
#include "app/server/api_keys.h"

namespace thaw {

/// Who may come in: API keys, webhook signatures, and the keyed hash of references. Thread-safe.
class Door {
 public:
  /// ErrorCode::invalid names the provider whose secret is none. `reload` reads the configuration
  /// again: webhook secrets are looked at each second, so that they rotate without a restart. While
  /// it fails, those of before hold.
  static Result<std::unique_ptr<Door>> make(const Config& config, std::string reference_key,
                                            std::function<Result<Config>()> reload);

  std::variant<api::Actor, HttpResponse> authenticate(const HttpRequest& request);
  api::SignatureCheck check_signature(const ProviderId& provider, const HttpRequest& request,
                                      Instant now);
  std::string hash_reference(std::string_view text);

 private:
  Door(AuthMode mode, const std::string& folder, const std::string& reference_key)
      : mode_(mode), keys_(folder), references_(reference_key) {}

  /// By provider; nothing: no webhooks from it.
  using Checkers = std::map<ProviderId, std::optional<StandardWebhooks>>;
  static Result<Checkers> make_checkers(const Config& config);
  void look_for_new_secrets();

  const AuthMode mode_;
  ApiKeys keys_;
  std::mutex references_mutex_;
  HmacSha256 references_;
  std::function<Result<Config>()> reload_;
  std::mutex checkers_mutex_;
  Checkers checkers_;
  std::int64_t looked_at_ms_ = 0;
};

}  // namespace thaw
