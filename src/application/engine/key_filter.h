#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace thaw {

/// Says of most keys that were never added that they are not there, without a look at any table: a
/// blocked Bloom filter, half a cache line a look. It grows in levels, each four times the
/// one before; at its limit it takes more keys all the same, and says `maybe` more often. One
/// thread.
class KeyFilter {
 public:
  /// Of memory, about 1.5 bytes a key. Without room for any it says `maybe` of every key.
  explicit KeyFilter(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void add(std::string_view key);
  /// False: the key was never added. One in two hundred of other keys is let through, more at the
  /// limit.
  bool may_have(std::string_view key) const;
  /// Begins to fetch what `may_have` of that key will read.
  void prefetch(std::string_view key) const;
  /// Takes the keys of another filter in.
  void absorb(KeyFilter other);
  std::size_t bytes() const;

 private:
  using Block = std::array<std::uint32_t, 8>;  // a key sets one bit of each
  struct Level {
    std::vector<Block> blocks;
    std::size_t keys = 0;
    std::size_t keys_max = 0;
  };

  void grow();

  std::size_t bytes_max_;
  std::vector<Level> levels_;  // keys are added to the last
  bool has_lost_keys_ = false;
};

}  // namespace thaw
