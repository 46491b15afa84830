#include "app/server/door.h"

#include "adapters/clock/clock.h"
#include "app/api/problem.h"
#include "base/sha256.h"

namespace thaw {

Result<Door::Checkers> Door::make_checkers(const Config& config) {
  Checkers checkers;
  for (const ProviderConfig& provider : config.providers) {
    auto& checker = checkers[provider.id];
    if (provider.webhook_secrets.empty()) continue;
    auto webhooks = StandardWebhooks::make(provider.webhook_secrets);
    if (!webhooks) {
      return fail(ErrorCode::invalid, "providers." + provider.id.text() +
                                          ".webhook_secrets: " + webhooks.error().detail);
    }
    checker.emplace(std::move(*webhooks));
  }
  return checkers;
}

Result<std::unique_ptr<Door>> Door::make(const Config& config, std::string reference_key,
                                         std::function<Result<Config>()> reload) {
  std::unique_ptr<Door> door(new Door(config.auth, config.data, reference_key));
  auto checkers = make_checkers(config);
  if (!checkers) return fail_with(checkers);
  door->checkers_ = std::move(*checkers);
  door->reload_ = std::move(reload);
  door->looked_at_ms_ = monotonic_ms();
  return door;
}

/// Under the lock. Secrets alone: a provider that is new needs a restart.
void Door::look_for_new_secrets() {
  constexpr Duration kLookEvery = Duration::seconds(1);
  if (!reload_ || monotonic_ms() < looked_at_ms_ + kLookEvery.ms) return;
  looked_at_ms_ = monotonic_ms();
  const auto config = reload_();
  auto checkers = config ? make_checkers(*config) : fail_with(config);
  if (!checkers) return;
  for (auto& [provider, checker] : *checkers) {
    const auto known = checkers_.find(provider);
    if (known != checkers_.end()) known->second = std::move(checker);
  }
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
  const std::scoped_lock lock(checkers_mutex_);
  look_for_new_secrets();
  const auto found = checkers_.find(provider);
  if (found == checkers_.end()) return api::SignatureCheck::unknown_provider;
  if (!found->second) return api::SignatureCheck::refused;
  const SignatureHeaders headers{request.headers.find("webhook-id"),
                                 request.headers.find("webhook-timestamp"),
                                 request.headers.find("webhook-signature")};
  const SignatureCheck check = found->second->verify(headers, request.body, now);
  return check == SignatureCheck::ok ? api::SignatureCheck::ok : api::SignatureCheck::refused;
}

std::string Door::hash_reference(std::string_view text) {
  const std::scoped_lock lock(references_mutex_);
  return to_hex(references_.sign({text})).substr(0, 32);
}

}  // namespace thaw
