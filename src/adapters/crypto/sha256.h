#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapters/crypto/hmac.h"

namespace thaw {

/// SHA-256 of bytes that come in pieces (uploads). Not thread-safe.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();

  void update(std::string_view bytes);
  /// Ends the message and begins the next.
  Sha256Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Sha256Digest sha256(std::string_view bytes);

/// Lower-case hexadecimal.
std::string to_hex(const Sha256Digest& digest);

}  // namespace thaw
