#include "application/engine/row_table.h"

#include <algorithm>
#include <cstring>

#include "base/codec.h"
#include "base/fast_hash.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr std::size_t kLeastSlots = 256;

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

char* store_varint(char* at, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
  *at++ = static_cast<char>(value);
  return at;
}

}  // namespace

std::string_view TableRow::bytes() const {
  return stored.substr(std::min(varint_size(sequence), stored.size()));
}

template <typename IsIt>
std::size_t RowTable::locate(const std::vector<Slot>& slots, std::uint64_t hash, IsIt is_it) const {
  const std::size_t mask = slots.size() - 1;
  const std::uint32_t tag = tag_of(hash);
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots[at];
    if (slot.number == 0 || (slot.tag == tag && is_it(row(slot.number - 1)))) return at;
  }
}

const TableRow* RowTable::find(std::string_view key) const {
  if (slots_.empty()) return nullptr;
  const std::uint64_t hash = fast_hash(key);
  const std::size_t slot =
      locate(slots_, hash, [&](const TableRow& candidate) { return candidate.key == key; });
  return slots_[slot].number == 0 ? nullptr : &row(slots_[slot].number - 1);
}

void RowTable::prefetch(std::uint64_t hash, Reach reach) const {
  if (slots_.empty()) return;
  const std::size_t mask = slots_.size() - 1;
  if (reach == Reach::slot) return __builtin_prefetch(&slots_[hash & mask]);
  const Slot& slot = slots_[hash & mask];  // most rows stand in the first place
  if (slot.number == 0 || slot.tag != tag_of(hash)) return;
  const TableRow& found = row(slot.number - 1);
  if (reach == Reach::row) return __builtin_prefetch(&found);
  constexpr std::size_t kLine = 64;
  __builtin_prefetch(found.key.data());
  for (std::size_t at = 0; at < found.stored.size(); at += kLine) {
    __builtin_prefetch(found.stored.data() + at);
  }
}

void RowTable::prefetch_put(const TableRow& row) const {
  prefetch(row.hash, Reach::slot);
  if (groups_.empty() || keys::kind_of_lookup(row.key) != keys::Lookup::by_group) return;
  __builtin_prefetch(&groups_[fast_hash(keys::group_of(row.key)) & (groups_.size() - 1)]);
}

void RowTable::put(std::string_view key, std::optional<std::string_view> value,
                   std::uint64_t sequence) {
  TableRow& row = make_row(key, fast_hash(key));
  row.sequence = sequence;
  if (!value) return remove(row);
  const std::size_t size = varint_size(sequence) + value->size();
  char* const room = make_room(row, size);
  char* const bytes = store_varint(room, sequence);
  if (!value->empty()) std::memcpy(bytes, value->data(), value->size());
  row.stored = {room, size};
}

void RowTable::put(const TableRow& other) {
  TableRow& row = make_row(other.key, other.hash);
  row.sequence = other.sequence;
  if (other.is_removed()) return remove(row);
  char* const room = make_room(row, other.stored.size());
  std::memcpy(room, other.stored.data(), other.stored.size());
  row.stored = {room, other.stored.size()};
}

TableRow& RowTable::make_row(std::string_view key, std::uint64_t hash) {
  if (slots_.size() < 2 * (size_ + 1)) grow(std::max(kLeastSlots, 2 * slots_.size()));
  const std::size_t at =
      locate(slots_, hash, [&](const TableRow& candidate) { return candidate.key == key; });
  if (slots_[at].number != 0) return row_at(slots_[at].number - 1);
  if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<TableRow[]>(kChunk));
  const auto number = static_cast<std::uint32_t>(size_++);
  slots_[at] = {number + 1, tag_of(hash)};
  TableRow& made = row_at(number);
  made = {.key = arena_.copy(key), .hash = hash};
  list_row(number);
  return made;
}

void RowTable::remove(TableRow& row) {
  row.stored = {};
  row.room = 0;
}

/// The bytes of a row that is put again are written where they are, if they fit: nobody reads
/// while a table is changed.
char* RowTable::make_room(TableRow& row, std::size_t size) {
  if (size <= row.room) return const_cast<char*>(row.stored.data());
  row.room = static_cast<std::uint32_t>(size + 16);  // totals grow by a digit now and then
  return arena_.allocate(row.room);
}

void RowTable::list_row(std::uint32_t number) {
  TableRow& added = row_at(number);
  switch (keys::kind_of_lookup(added.key)) {
    case keys::Lookup::alone: return;
    case keys::Lookup::in_order: ordered_.emplace(added.key, number); return;
    case keys::Lookup::by_group: break;
  }
  if (groups_.empty()) groups_.resize(slots_.size());
  const std::string_view group = keys::group_of(added.key);
  const std::uint64_t hash = fast_hash(group);
  Slot& newest = groups_[locate(groups_, hash, [&](const TableRow& candidate) {
    return keys::group_of(candidate.key) == group;
  })];
  added.next_of_group = newest.number;
  newest = {number + 1, tag_of(hash)};
}

void RowTable::grow(std::size_t slots) {
  slots_.assign(slots, {});
  if (!groups_.empty()) groups_.assign(slots, {});
  for (std::uint32_t number = 0; number < size_; ++number) {
    TableRow& moved = row_at(number);
    // Each row is there once: the first empty place is its own.
    const std::size_t at = locate(slots_, moved.hash, [](const TableRow&) { return false; });
    slots_[at] = {number + 1, tag_of(moved.hash)};
    if (keys::kind_of_lookup(moved.key) == keys::Lookup::by_group) list_row(number);
  }
}

std::vector<const TableRow*> RowTable::scan(std::string_view prefix, std::string_view from,
                                            std::size_t live_max) const {
  std::vector<const TableRow*> found;
  const auto take = [&](const TableRow& candidate) {
    if (candidate.key.starts_with(prefix) && candidate.key >= from) found.push_back(&candidate);
  };
  if (is_empty()) return found;
  const std::string_view group = keys::group_of(prefix);
  if (prefix.find('/') == prefix.npos || keys::kind_of_lookup(prefix) == keys::Lookup::alone ||
      (keys::kind_of_lookup(prefix) == keys::Lookup::by_group && group.empty())) {
    for (std::size_t number = 0; number < size_; ++number) take(row(number));
  } else if (keys::kind_of_lookup(prefix) == keys::Lookup::by_group) {
    if (groups_.empty()) return found;
    const std::size_t slot = locate(groups_, fast_hash(group), [&](const TableRow& candidate) {
      return keys::group_of(candidate.key) == group;
    });
    for (std::uint32_t next = groups_[slot].number; next != 0; next = row(next - 1).next_of_group) {
      take(row(next - 1));
    }
  } else {
    std::size_t live = 0;
    for (auto at = ordered_.lower_bound(std::max(prefix, from));
         at != ordered_.end() && live < live_max && at->first.starts_with(prefix); ++at) {
      found.push_back(&row(at->second));
      live += found.back()->is_removed() ? 0 : 1;
    }
    return found;
  }
  // total: each key is there once.
  std::sort(found.begin(), found.end(),
            [](const TableRow* a, const TableRow* b) { return a->key < b->key; });
  return found;
}

std::size_t RowTable::bytes() const {
  constexpr std::size_t kOrderedNode = 64;
  if (is_empty()) return 0;
  return arena_.bytes() + chunks_.size() * kChunk * sizeof(TableRow) +
         (slots_.size() + groups_.size()) * sizeof(Slot) + ordered_.size() * kOrderedNode;
}

void RowTable::reserve(std::size_t rows) {
  std::size_t slots = kLeastSlots;
  while (slots < 2 * (rows + 1)) slots *= 2;
  if (slots > slots_.size()) grow(slots);
}

void RowTable::clear() {
  arena_.clear();
  if (chunks_.size() > 1) chunks_.resize(1);
  // After one large use, small ones would pay for wiping a large table each time.
  std::size_t wanted = kLeastSlots;
  while (wanted < 8 * (size_ + 1)) wanted *= 2;
  if (slots_.size() > wanted) {
    slots_ = std::vector<Slot>(wanted);
    groups_.clear();
    groups_.shrink_to_fit();
  } else {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    std::fill(groups_.begin(), groups_.end(), Slot{});
  }
  size_ = 0;
  ordered_.clear();
}

}  // namespace thaw
