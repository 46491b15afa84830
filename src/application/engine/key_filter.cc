#include "application/engine/key_filter.h"

#include <algorithm>

#include "base/fast_hash.h"

namespace thaw {
namespace {

constexpr std::size_t kBitsOfKey = 12;
constexpr std::size_t kBitsOfBlock = 256;
constexpr std::size_t kFirstKeys = 64ULL << 10;
constexpr std::size_t kLargestLevelKeys = 128ULL << 20;

// Odd, otherwise of no meaning: eight independent five-bit hashes of one number (Parquet's salts).
constexpr std::array<std::uint32_t, 8> kSalts{0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                              0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

std::uint32_t bit_of(std::uint64_t hash, std::size_t word) {
  return 1U << ((static_cast<std::uint32_t>(hash) * kSalts[word]) >> 27);
}

std::size_t block_of(std::uint64_t hash, std::size_t blocks) {
  return ((hash >> 32) * blocks) >> 32;
}

}  // namespace

void KeyFilter::grow() {
  const std::size_t keys =
      levels_.empty() ? kFirstKeys : std::min(4 * levels_.back().keys_max, kLargestLevelKeys);
  const std::size_t blocks = keys * kBitsOfKey / kBitsOfBlock;
  if (bytes() + blocks * sizeof(Block) > bytes_max_) return;
  levels_.push_back({std::vector<Block>(blocks), 0, keys});
}

void KeyFilter::add(std::string_view key) {
  if (levels_.empty() || levels_.back().keys >= levels_.back().keys_max) grow();
  has_lost_keys_ |= levels_.empty();
  if (has_lost_keys_) return;
  Level& level = levels_.back();
  ++level.keys;
  const std::uint64_t hash = fast_hash(key);
  Block& block = level.blocks[block_of(hash, level.blocks.size())];
  for (std::size_t word = 0; word < block.size(); ++word) block[word] |= bit_of(hash, word);
}

bool KeyFilter::may_have(std::string_view key) const {
  if (has_lost_keys_) return true;
  const std::uint64_t hash = fast_hash(key);
  return std::any_of(levels_.rbegin(), levels_.rend(), [hash](const Level& level) {
    const Block& block = level.blocks[block_of(hash, level.blocks.size())];
    std::uint32_t missing = 0;
    for (std::size_t word = 0; word < block.size(); ++word)
      missing |= bit_of(hash, word) & ~block[word];
    return missing == 0;
  });
}

void KeyFilter::prefetch(std::string_view key) const {
  const std::uint64_t hash = fast_hash(key);
  for (const Level& level : levels_) {
    __builtin_prefetch(&level.blocks[block_of(hash, level.blocks.size())]);
  }
}

void KeyFilter::absorb(KeyFilter other) {
  has_lost_keys_ |= other.has_lost_keys_;
  // In front: the last level is the one that still grows.
  levels_.insert(levels_.begin(), std::make_move_iterator(other.levels_.begin()),
                 std::make_move_iterator(other.levels_.end()));
}

std::size_t KeyFilter::bytes() const {
  std::size_t bytes = 0;
  for (const Level& level : levels_) bytes += level.blocks.size() * sizeof(Block);
  return bytes;
}

}  // namespace thaw
