#include <optional>

#include "adapters/crypto/base64.h"
#include "adapters/crypto/standard_webhooks.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

constexpr std::string_view kKey = "0123456789abcdefghijklmn";
constexpr Instant kNow{1'762'135'869'000};

std::string genuine_signature(std::string_view id, std::string_view timestamp,
                              std::string_view body) {
  HmacSha256 hmac(kKey);
  const auto digest = hmac.sign({id, ".", timestamp, ".", body});
  return "v1," + to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

void check_base64(std::string_view text) {
  const auto bytes = parse_base64(text);
  if (bytes) CHECK(to_base64(*bytes) == text);  // one text for each byte string
  CHECK(parse_base64(to_base64(text)) == text);
}

void check_secret(std::string_view text) {
  const auto made = StandardWebhooks::make({std::string(text)});
  if (!made) return;
  const auto key = parse_base64(text.substr(6));
  CHECK(text.starts_with("whsec_") && key && key->size() >= 16 && key->size() <= 256);
}

}  // namespace

/// Lines: id, timestamp, signatures, then the body.
void fuzz_one(std::string_view input) {
  InputReader reader(input);
  const std::string_view id = reader.take_line();
  const std::string_view timestamp = reader.take_line();
  const std::string_view signatures = reader.take_line();
  const std::string_view body = reader.rest();
  check_base64(signatures);
  check_secret(signatures);

  auto webhooks = StandardWebhooks::make({"whsec_" + to_base64(kKey)});
  CHECK(webhooks);
  const std::string genuine = genuine_signature(id, timestamp, body);
  const SignatureCheck check = webhooks->verify({id, timestamp, signatures}, body, kNow);
  // Only our own signature, over exactly these bytes, is good.
  if (check == SignatureCheck::ok) {
    CHECK(signatures.find(genuine.substr(3)) != std::string_view::npos);
  }
  // Whatever else the list holds, ours is found behind it; with another body it is not good.
  const std::string signed_list = std::string(signatures) + ' ' + genuine;
  const SignatureCheck with_ours = webhooks->verify({id, timestamp, signed_list}, body, kNow);
  CHECK(with_ours != SignatureCheck::bad_signature);
  if (with_ours != SignatureCheck::ok) return;
  const std::string other_body = std::string(body) + 'x';
  CHECK(webhooks->verify({id, timestamp, genuine}, other_body, kNow) ==
        SignatureCheck::bad_signature);
  CHECK(webhooks->verify({id, timestamp, std::nullopt}, body, kNow) ==
        SignatureCheck::missing_header);
  for (const Duration away : {Duration::minutes(11), Duration::minutes(-11)}) {
    CHECK(webhooks->verify({id, timestamp, signed_list}, body, kNow + away) ==
          SignatureCheck::stale);
  }
}

}  // namespace thaw
