#pragma once

#include <map>
#include <memory>
#include <mutex>
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
  /// ErrorCode::invalid names the provider whose secret is none.
  static Result<std::unique_ptr<Door>> make(const Config& config, std::string reference_key);

  std::variant<api::Actor, HttpResponse> authenticate(const HttpRequest& request);
  api::SignatureCheck check_signature(const ProviderId& provider, const HttpRequest& request,
                                      Instant now);
  std::string hash_reference(std::string_view text);

 private:
  Door(AuthMode mode, const std::string& folder, const std::string& reference_key)
      : mode_(mode), keys_(folder), references_(reference_key) {}

  struct Signatures {
    explicit Signatures(StandardWebhooks checker) : webhooks(std::move(checker)) {}
    std::mutex mutex;
    StandardWebhooks webhooks;
  };

  const AuthMode mode_;
  ApiKeys keys_;
  std::mutex references_mutex_;
  HmacSha256 references_;
  std::map<ProviderId, std::unique_ptr<Signatures>> providers_;  // null: no webhooks from it
};

}  // namespace thaw
