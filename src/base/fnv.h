#pragma once

#include <cstdint>
#include <string_view>

namespace thaw {

/// FNV-1a, 64 bit: a stable checksum for telling contents apart. No defence against an adversary.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325ULL) {
  for (const char c : bytes) {
    seed ^= static_cast<unsigned char>(c);
    seed *= 0x100000001b3ULL;
  }
  return seed;
}

}  // namespace thaw
