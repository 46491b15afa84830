#include "application/engine/overlay.h"

#include "base/check.h"

namespace thaw {

const TableRow* Overlay::find(std::string_view key) const {
  const TableRow* const newest = active_->find(key);
  return newest || !frozen_ ? newest : frozen_->find(key);
}

std::vector<const TableRow*> Overlay::scan(std::string_view prefix, std::string_view from,
                                           std::size_t live_max) const {
  std::vector<const TableRow*> rows = active_->scan(prefix, from, live_max);
  if (!frozen_) return rows;
  return merge_rows(rows, frozen_->scan(prefix, from, add_limits(live_max, rows.size())));
}

const RowTable& Overlay::freeze() {
  CHECK(!frozen_);
  const std::size_t rows = active_->size();
  frozen_ = std::move(active_);
  active_ = std::make_unique<RowTable>();
  active_->reserve(rows);  // as many again: no growing while commands wait
  return *frozen_;
}

std::vector<const TableRow*> merge_rows(const std::vector<const TableRow*>& upper,
                                        const std::vector<const TableRow*>& lower) {
  if (upper.empty()) return lower;
  std::vector<const TableRow*> merged;
  merged.reserve(upper.size() + lower.size());
  auto above = upper.begin();
  for (const TableRow* row : lower) {
    while (above != upper.end() && (*above)->key < row->key) merged.push_back(*above++);
    if (above == upper.end() || (*above)->key != row->key) merged.push_back(row);
  }
  merged.insert(merged.end(), above, upper.end());
  return merged;
}

std::string stored_bytes(std::uint64_t sequence, std::string_view bytes) {
  std::string stored;
  stored.reserve(bytes.size() + 10);
  Encoder(stored).write_varint(sequence);
  stored += bytes;
  return stored;
}

std::optional<StoredRow> parse_stored(std::string_view bytes) {
  Decoder decoder(bytes);
  const std::uint64_t sequence = decoder.read_varint();
  if (!decoder.ok()) return std::nullopt;
  return StoredRow{std::string(decoder.rest()), sequence};
}

}  // namespace thaw
