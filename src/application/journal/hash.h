#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

using JournalHash = std::array<std::uint8_t, 32>;

inline std::string_view bytes_of(const JournalHash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// SHA-256, with its state kept between calls: setting one up costs as much as a short message.
/// One thread.
class Hasher {
 public:
  Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  ~Hasher();

  /// Of the parts, one after the other.
  JournalHash hash(std::initializer_list<std::string_view> parts);

  /// The root over `hashes`, which are the leaves; leaves it in disorder. Sixteen children a node:
  /// half a block a record, where a binary tree needs two. A single leaf is its own root; no leaf:
  /// all zeros.
  JournalHash merkle_root(std::vector<JournalHash>& hashes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Lower-case hexadecimal.
std::string journal_hash_text(const JournalHash& hash);

}  // namespace thaw
