#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/sha256.h"

namespace thaw {

using JournalHash = Sha256Digest;

inline std::string_view bytes_of(const JournalHash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// The hashes of the chain, all SHA-256. One thread.
class Hasher {
 public:
  /// Of the parts, one after the other.
  JournalHash hash(std::initializer_list<std::string_view> parts);

  /// The root over `hashes`, which are the leaves; leaves it in disorder. Sixteen children a node:
  /// half a block a record, where a binary tree needs two. A single leaf is its own root; no leaf:
  /// all zeros.
  JournalHash merkle_root(std::vector<JournalHash>& hashes);

 private:
  Sha256 sha_;
};

}  // namespace thaw
