#include "application/engine/overlay.h"

namespace thaw {
namespace {

std::size_t size_of(const std::string& key, const std::optional<std::string>& value) {
  constexpr std::size_t kNode = 96;  // of the map, and the entry's fixed part
  return kNode + key.size() + (value ? value->size() : 0);
}

}  // namespace

void Overlay::put(const std::string& key, std::optional<std::string> value,
                  std::uint64_t sequence) {
  bytes_ += size_of(key, value);
  const auto [row, is_new] = rows_.try_emplace(key);
  if (!is_new) bytes_ -= size_of(key, row->second.value);
  row->second = {std::move(value), sequence};
}

void Overlay::drop_through(std::uint64_t sequence) {
  for (auto row = rows_.begin(); row != rows_.end();) {
    if (row->second.sequence > sequence) {
      ++row;
      continue;
    }
    bytes_ -= size_of(row->first, row->second.value);
    row = rows_.erase(row);
  }
}

std::vector<IndexWrite> Overlay::copy() const {
  std::vector<IndexWrite> writes;
  writes.reserve(rows_.size());
  for (const auto& [key, entry] : rows_) {
    writes.push_back({key, entry.value ? std::optional(stored_bytes(entry.sequence, *entry.value))
                                       : std::nullopt});
  }
  return writes;
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
