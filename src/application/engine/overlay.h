#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "application/engine/row_table.h"
#include "domain/state.h"

namespace thaw {

/// Rows that are durable in the journal and not yet shown by the index. Readers look here first. An
/// entry goes only after the index shows it. Two generations: one that takes new rows, and one,
/// frozen, that is on its way into the index. Thread-safe through `mutex()`, which callers hold:
/// shared to read, alone to change. A frozen generation never changes, and may be read without.
class Overlay {
 public:
  Overlay() : active_(std::make_unique<RowTable>()) {}

  std::shared_mutex& mutex() const { return mutex_; }

  void put(const TableRow& row) { active_->put(row); }
  /// Begins to fetch what `put` of that row will look at first.
  void prefetch(const TableRow& row) const { active_->prefetch_put(row); }
  /// The newest row of that key, a removed one too.
  const TableRow* find(std::string_view key) const;
  /// As RowTable::scan; of a key that both generations have, the newer row.
  std::vector<const TableRow*> scan(std::string_view prefix, std::string_view from,
                                    std::size_t live_max) const;
  /// Of memory, about, that rows take.
  std::size_t bytes() const { return active_->bytes() + (frozen_ ? frozen_->bytes() : 0); }
  bool is_empty() const { return active_->is_empty() && !frozen_; }

  /// What is there now stands still, and new rows go to a fresh generation. The frozen one must
  /// have been dropped.
  const RowTable& freeze();
  /// Its memory is given back where the result is destroyed, best without the mutex.
  std::unique_ptr<RowTable> drop_frozen() { return std::move(frozen_); }

 private:
  mutable std::shared_mutex mutex_;
  std::unique_ptr<RowTable> active_;
  std::unique_ptr<RowTable> frozen_;
};

/// Their sum, or as many as there can be.
inline std::size_t add_limits(std::size_t a, std::size_t b) {
  return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

/// Rows of both, in key order; of a key that both have, the upper one's.
std::vector<const TableRow*> merge_rows(const std::vector<const TableRow*>& upper,
                                        const std::vector<const TableRow*>& lower);

/// A row as the index stores it: the sequence that wrote it, then its bytes.
std::string stored_bytes(std::uint64_t sequence, std::string_view bytes);
/// Nothing if the bytes are not such a row.
std::optional<StoredRow> parse_stored(std::string_view bytes);

}  // namespace thaw
