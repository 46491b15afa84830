#include "application/engine/row_cache.h"

namespace thaw {

RowCache::RowCache(std::size_t bytes_max)
    : bytes_max_(bytes_max),
      newer_(std::make_unique<RowTable>()),
      older_(std::make_unique<RowTable>()) {}

const TableRow* RowCache::find(std::string_view key) {
  if (const TableRow* row = newer_->find(key)) return row;
  const TableRow* const row = older_->find(key);
  if (!row) return nullptr;
  newer_->put(*row);  // what is left in the older table is never newer than this
  return newer_->find(key);
}

void RowCache::put(const TableRow& row) {
  if (bytes_max_ == 0) return;
  make_room();
  newer_->put(row);
}

void RowCache::put(std::string_view key, std::optional<std::string_view> value,
                   std::uint64_t sequence) {
  if (bytes_max_ == 0) return;
  make_room();
  newer_->put(key, value, sequence);
}

void RowCache::make_room() {
  if (newer_->bytes() < bytes_max_ / 2) return;
  const std::size_t rows = newer_->size();
  older_ = std::move(newer_);
  newer_ = std::make_unique<RowTable>();
  newer_->reserve(rows);
}

}  // namespace thaw
