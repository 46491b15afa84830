#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/hmac.h"
#include "base/instant.h"
#include "base/result.h"

namespace thaw {

/// Webhook signatures of the Standard Webhooks specification 1.0 (SPEC §3.1): `webhook-signature`
/// holds space-separated `v1,<base64 of HMAC-SHA256>` over `id.timestamp.body`.

enum class SignatureCheck {
  ok,
  missing_header,
  malformed_header,  // the timestamp is no number, or no `version,signature` pair is there
  stale,             // more than the tolerance before or after `now`
  bad_signature,     // none of the `v1` signatures is ours; other versions are passed over
};

std::string_view to_string(SignatureCheck check);

struct SignatureHeaders {
  std::optional<std::string_view> id;         // webhook-id
  std::optional<std::string_view> timestamp;  // webhook-timestamp, whole seconds since 1970
  std::optional<std::string_view> signature;  // webhook-signature
};

/// Knows one provider's secrets, all valid at once, so that they can be rotated. Not thread-safe:
/// one copy a thread.
class StandardWebhooks {
 public:
  static constexpr Duration kTolerance = Duration::minutes(5);

  /// Secrets are `whsec_<base64>` of 16 to 256 bytes; `invalid` names the one that is not, by its
  /// position, never its text. At least one.
  static Result<StandardWebhooks> make(const std::vector<std::string>& secrets);

  /// Reasons in the order of the enum.
  SignatureCheck verify(const SignatureHeaders& headers, std::string_view body, Instant now);

  /// The value of `webhook-signature`: one `v1` signature for each secret, in their order.
  std::string sign(std::string_view id, Instant at, std::string_view body);

 private:
  explicit StandardWebhooks(std::vector<HmacSha256> keys) : keys_(std::move(keys)) {}

  std::vector<HmacSha256> keys_;
};

}  // namespace thaw
