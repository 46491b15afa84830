#include "adapters/crypto/standard_webhooks.h"

#include <fmt/format.h>

#include <charconv>

#include "adapters/crypto/base64.h"
#include "adapters/crypto/secrets.h"
#include "base/check.h"

namespace thaw {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::string_view kVersionPrefix = "v1,";

std::string encode_digest(const Sha256Digest& digest) {
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::optional<Instant> parse_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (seconds < 0 || seconds > kLatestInstant.ms / 1000) return std::nullopt;
  return Instant{seconds * 1000};
}

/// The next space-separated item, taken off; nothing at the end.
std::optional<std::string_view> take_item(std::string_view& list) {
  while (list.starts_with(' ')) list.remove_prefix(1);
  if (list.empty()) return std::nullopt;
  const std::string_view item = list.substr(0, list.find(' '));
  list.remove_prefix(item.size());
  return item;
}

bool has_pair(std::string_view list) {
  while (const auto item = take_item(list)) {
    if (item->find(',') != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(SignatureCheck check) {
  switch (check) {
    case SignatureCheck::ok: return "ok";
    case SignatureCheck::missing_header: return "missing_header";
    case SignatureCheck::malformed_header: return "malformed_header";
    case SignatureCheck::stale: return "stale";
    case SignatureCheck::bad_signature: return "bad_signature";
  }
  CHECK(false);
}

Result<StandardWebhooks> StandardWebhooks::make(const std::vector<std::string>& secrets) {
  if (secrets.empty()) return fail(ErrorCode::invalid, "no webhook secret is given");
  std::vector<HmacSha256> keys;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    std::string_view secret = secrets[i];
    const bool prefixed = secret.starts_with(kSecretPrefix);
    if (prefixed) secret.remove_prefix(kSecretPrefix.size());
    const auto key = prefixed ? parse_base64(secret) : std::nullopt;
    if (!key || key->size() < 16 || key->size() > 256) {
      return fail(ErrorCode::invalid,
                  fmt::format("webhook secret {} is not whsec_<base64 of 16 to 256 bytes>", i + 1));
    }
    keys.emplace_back(*key);
  }
  return StandardWebhooks(std::move(keys));
}

SignatureCheck StandardWebhooks::verify(const SignatureHeaders& headers, std::string_view body,
                                        Instant now) {
  const auto& [id, timestamp, signature] = headers;
  if (!id || !timestamp || !signature || id->empty()) return SignatureCheck::missing_header;
  const auto at = parse_seconds(*timestamp);
  if (!at || !has_pair(*signature)) return SignatureCheck::malformed_header;
  if (*at < now - kTolerance || *at > now + kTolerance) return SignatureCheck::stale;
  for (HmacSha256& key : keys_) {
    const std::string expected = encode_digest(key.sign({*id, ".", *timestamp, ".", body}));
    std::string_view list = *signature;
    while (const auto item = take_item(list)) {
      if (!item->starts_with(kVersionPrefix)) continue;
      if (equal_in_constant_time(item->substr(kVersionPrefix.size()), expected)) {
        return SignatureCheck::ok;
      }
    }
  }
  return SignatureCheck::bad_signature;
}

std::string StandardWebhooks::sign(std::string_view id, Instant at, std::string_view body) {
  const std::string timestamp = std::to_string(at.ms / 1000);
  std::string list;
  for (HmacSha256& key : keys_) {
    if (!list.empty()) list += ' ';
    list += kVersionPrefix;
    list += encode_digest(key.sign({id, ".", timestamp, ".", body}));
  }
  return list;
}

}  // namespace thaw
