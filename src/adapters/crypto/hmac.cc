#include "adapters/crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/check.h"

namespace thaw {
namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

}  // namespace

struct HmacSha256::Context {
  std::unique_ptr<EVP_MAC_CTX, FreeMac> mac;
};

HmacSha256::HmacSha256(std::string_view key) : context_(std::make_unique<Context>()) {
  // Failure here means that OpenSSL's default provider is missing or memory is out: no way on.
  const std::unique_ptr<EVP_MAC, FreeMac> algorithm(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  CHECK(algorithm != nullptr);
  context_->mac.reset(EVP_MAC_CTX_new(algorithm.get()));
  CHECK(context_->mac != nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  static constexpr unsigned char kNoKey = 0;  // a null pointer would mean "keep the key"
  const auto* bytes = key.empty() ? &kNoKey : reinterpret_cast<const unsigned char*>(key.data());
  CHECK(EVP_MAC_init(context_->mac.get(), bytes, key.size(), parameters) == 1);
}

HmacSha256::HmacSha256(const HmacSha256& other) : context_(std::make_unique<Context>()) {
  context_->mac.reset(EVP_MAC_CTX_dup(other.context_->mac.get()));
  CHECK(context_->mac != nullptr);
}

HmacSha256& HmacSha256::operator=(const HmacSha256& other) {
  if (this != &other) *this = HmacSha256(other);
  return *this;
}

HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;
HmacSha256::~HmacSha256() = default;

Sha256Digest HmacSha256::sign(std::initializer_list<std::string_view> parts) {
  EVP_MAC_CTX* mac = context_->mac.get();
  CHECK(EVP_MAC_init(mac, nullptr, 0, nullptr) == 1);
  for (const std::string_view part : parts) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(part.data());
    CHECK(EVP_MAC_update(mac, bytes, part.size()) == 1);
  }
  Sha256Digest digest;
  std::size_t size = 0;
  CHECK(EVP_MAC_final(mac, digest.data(), &size, digest.size()) == 1);
  CHECK(size == digest.size());
  return digest;
}

}  // namespace thaw
