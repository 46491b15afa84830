#pragma once

#include <bit>
#include <concepts>
#include <cstring>

namespace thaw {

// Fixed-width integers of the journal's format: little-endian, at any address.

template <std::unsigned_integral T>
T swap_unless_little(T value) {
  if constexpr (std::endian::native == std::endian::little) return value;
  T swapped = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    swapped = static_cast<T>((swapped << 8) | ((value >> (8 * i)) & 0xff));
  }
  return swapped;
}

template <std::unsigned_integral T>
void store_le(char* at, T value) {
  value = swap_unless_little(value);
  std::memcpy(at, &value, sizeof(T));
}

template <std::unsigned_integral T>
T load_le(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return swap_unless_little(value);
}

}  // namespace thaw
