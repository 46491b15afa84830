#include "adapters/crypto/secrets.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <climits>

namespace thaw {

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<std::string> make_random_bytes(std::size_t count) {
  if (count > INT_MAX) return fail(ErrorCode::invalid, "too many random bytes asked for");
  std::string bytes(count, '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  if (RAND_bytes(out, static_cast<int>(count)) != 1) {
    return fail(ErrorCode::unavailable, "the random generator of OpenSSL is not seeded");
  }
  return bytes;
}

}  // namespace thaw
