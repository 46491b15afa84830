#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "application/engine/arena.h"

namespace thaw {

/// A row in memory, as the index stores it: the sequence that wrote it (varint), then its bytes.
struct alignas(64) TableRow {  // a line of the processor's cache: one miss, not two
  std::string_view key;
  std::string_view stored;  // empty: removed
  std::uint64_t sequence = 0;
  std::uint64_t hash = 0;
  std::uint32_t room = 0;           // bytes that `stored` may grow to in place
  std::uint32_t next_of_group = 0;  // another row of the same group, plus one; zero: none

  bool is_removed() const { return stored.empty(); }
  /// Without the sequence.
  std::string_view bytes() const;
};

/// Rows by key, the newest of each. Grows only, until it is cleared whole: no row costs an
/// allocation of its own. Views that it hands out are good until the row is put again. One thread
/// that changes it; any number that read meanwhile, if it is not changed.
class RowTable {
 public:
  RowTable() = default;
  RowTable(const RowTable&) = delete;
  RowTable& operator=(const RowTable&) = delete;

  /// No value: removed.
  void put(std::string_view key, std::optional<std::string_view> value, std::uint64_t sequence);
  /// The row as another table has it.
  void put(const TableRow& row);
  /// Removed rows are found too.
  const TableRow* find(std::string_view key) const;
  /// Rows, removed ones too, whose key begins with `prefix` and is not below `from`, in key order,
  /// at least up to the `live_max`-th that is not removed. Quick for the prefixes that the domain
  /// scans (keys::kind_of_lookup); of any other, every row is looked at.
  std::vector<const TableRow*> scan(std::string_view prefix, std::string_view from,
                                    std::size_t live_max) const;
  std::vector<const TableRow*> scan(std::string_view prefix) const {
    return scan(prefix, prefix, SIZE_MAX);
  }

  const TableRow& row(std::size_t number) const {
    return chunks_[number / kChunk][number % kChunk];
  }
  std::size_t size() const { return size_; }
  bool is_empty() const { return size_ == 0; }
  /// Of memory, about; zero if there is no row.
  std::size_t bytes() const;
  /// What `find` or `put` of a key with that `fast_hash` will read, step by step: begins to fetch
  /// the next of it, where the one before is at hand. For many keys at once, so that their misses
  /// of the cache overlap.
  enum class Reach { slot, row, bytes };
  void prefetch(std::uint64_t hash, Reach reach) const;
  /// Begins to fetch what `put` of that row will look at first.
  void prefetch_put(const TableRow& row) const;
  /// Makes room for about so many rows.
  void reserve(std::size_t rows);
  void clear();

 private:
  static constexpr std::size_t kChunk = 1024;

  /// A place of an open-addressed table. The tag spares most looks at rows, each a cache miss.
  struct Slot {
    std::uint32_t number = 0;  // of a row, plus one; zero: empty
    std::uint32_t tag = 0;     // of its hash, the upper half
  };

  /// Where in `slots` the row stands that `is_it`, or an empty place.
  template <typename IsIt>
  std::size_t locate(const std::vector<Slot>& slots, std::uint64_t hash, IsIt is_it) const;
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  TableRow& row_at(std::size_t number) { return chunks_[number / kChunk][number % kChunk]; }
  TableRow& make_row(std::string_view key, std::uint64_t hash);
  static void remove(TableRow& row);
  char* make_room(TableRow& row, std::size_t size);
  void list_row(std::uint32_t number);
  void grow(std::size_t slots);

  Arena arena_;
  std::vector<std::unique_ptr<TableRow[]>> chunks_;
  std::size_t size_ = 0;
  std::vector<Slot> slots_;
  std::vector<Slot> groups_;  // the same, by group: its newest row; empty until one is listed
  std::map<std::string_view, std::uint32_t> ordered_;
};

}  // namespace thaw
