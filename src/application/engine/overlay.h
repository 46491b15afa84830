#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "application/ports/index.h"
#include "domain/state.h"

namespace thaw {

/// Rows that are durable in the journal and not yet shown by the index. Readers look here first. An
/// entry goes only after the index shows it. Thread-safe through `mutex()`, which callers hold:
/// shared to read, alone to change.
class Overlay {
 public:
  struct Entry {
    std::optional<std::string> value;  // nothing: removed
    std::uint64_t sequence = 0;
  };
  using Rows = std::map<std::string, Entry>;

  std::shared_mutex& mutex() const { return mutex_; }
  const Rows& rows() const { return rows_; }

  void put(const std::string& key, std::optional<std::string> value, std::uint64_t sequence);
  /// Drops what the index shows up to `sequence`.
  void drop_through(std::uint64_t sequence);
  /// Everything in key order, as index writes; rows carry their sequence in front (`stored_bytes`).
  std::vector<IndexWrite> copy() const;
  std::size_t bytes() const { return bytes_; }

 private:
  mutable std::shared_mutex mutex_;
  Rows rows_;
  std::size_t bytes_ = 0;
};

/// A row as the index stores it: the sequence that wrote it, then its bytes.
std::string stored_bytes(std::uint64_t sequence, std::string_view bytes);
/// Nothing if the bytes are not such a row.
std::optional<StoredRow> parse_stored(std::string_view bytes);

}  // namespace thaw
