#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace thaw {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of bytes that come in pieces. Its state is kept from message to message: setting one up
/// costs as much as a short message. Not thread-safe.
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
