#pragma once

#include <cstdint>
#include <string_view>

namespace thaw {

/// CRC-32C (Castagnoli) of `bytes`, by the processor's instruction where there is one. Finds
/// damage; no defence against an adversary.
std::uint32_t crc32c(std::string_view bytes);

/// The same without the instruction; for tests that both agree.
std::uint32_t crc32c_by_table(std::string_view bytes);

}  // namespace thaw
