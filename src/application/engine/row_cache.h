#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "application/engine/row_table.h"

namespace thaw {

/// Rows that were read or written of late, in a bounded memory: two tables, of which the older one
/// goes when the newer one is full; what is found in the older one moves over. One thread.
class RowCache {
 public:
  /// Zero bytes: nothing is kept.
  explicit RowCache(std::size_t bytes_max);

  /// Good until the next `put` or `find`.
  const TableRow* find(std::string_view key);
  void put(const TableRow& row);
  /// No value: removed.
  void put(std::string_view key, std::optional<std::string_view> value, std::uint64_t sequence);
  /// As RowTable::prefetch.
  void prefetch(std::uint64_t hash, RowTable::Reach reach) const {
    newer_->prefetch(hash, reach);
    older_->prefetch(hash, reach);
  }
  std::size_t bytes() const { return newer_->bytes() + older_->bytes(); }
  std::size_t size() const { return newer_->size() + older_->size(); }

 private:
  void make_room();

  std::size_t bytes_max_;
  std::unique_ptr<RowTable> newer_;
  std::unique_ptr<RowTable> older_;
};

}  // namespace thaw
