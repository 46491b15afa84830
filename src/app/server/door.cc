#include "app/server/door.h"

#include "adapters/crypto/sha256.h"
#include "app/api/problem.h"

namespace thaw {

Result<std::unique_ptr<Door>> Door::make(const Config& config, std::string reference_key) {
  std::unique_ptr<Door> door(new Door(config.auth, config.data, reference_key));
  for (const ProviderConfig& provider : config.providers) {
    auto& signatures = door->providers_[provider.id];
    if (provider.webhook_secrets.empty()) continue;
    auto webhooks = StandardWebhooks::make(provider.webhook_secrets);
    if (!webhooks) {
      return fail(ErrorCode::invalid, "providers." + provider.id.text() +
                                          ".webhook_secrets: " + webhooks.error().detail);
    }
    signatures = std::make_unique<Signatures>(std::move(*webhooks));
  }
  return door;
}

std::variant<api::Actor, HttpResponse> Door::authenticate(const HttpRequest& request) {
  if (mode_ == AuthMode::none) return api::Actor{"nobody", {api::Role::admin}, false};
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.headers.find("Authorization");
  if (header && header->starts_with(kBearer)) {
    if (auto actor = keys_.find(header->substr(kBearer.size()))) return std::move(*actor);
  }
  HttpResponse refused = api::make_problem(401, "unauthorized",
                                           "Authorization: Bearer <key> is wanted (thaw keys add)",
                                           request.request_id);
  refused.headers.add("WWW-Authenticate", "Bearer");
  return refused;
}

api::SignatureCheck Door::check_signature(const ProviderId& provider, const HttpRequest& request,
                                          Instant now) {
  const auto found = providers_.find(provider);
  if (found == providers_.end()) return api::SignatureCheck::unknown_provider;
  if (!found->second) return api::SignatureCheck::refused;
  const SignatureHeaders headers{request.headers.find("webhook-id"),
                                 request.headers.find("webhook-timestamp"),
                                 request.headers.find("webhook-signature")};
  const std::scoped_lock lock(found->second->mutex);
  const SignatureCheck check = found->second->webhooks.verify(headers, request.body, now);
  return check == SignatureCheck::ok ? api::SignatureCheck::ok : api::SignatureCheck::refused;
}

std::string Door::hash_reference(std::string_view text) {
  const std::scoped_lock lock(references_mutex_);
  return to_hex(references_.sign({text})).substr(0, 32);
}

}  // namespace thaw
