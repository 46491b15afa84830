#include "application/engine/key_order.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace thaw {
namespace {

constexpr std::size_t kHeadBytes = 7;
constexpr std::size_t kCompareWhole = 8;  // so many keys or fewer

struct Ranked {
  std::uint64_t head = 0;
  const IndexWrite* write = nullptr;
};

/// The next bytes of the key, then how many there are, eight for more: orders as the keys do, and
/// where two are equal either both keys go on or they are the same.
std::uint64_t head_of(std::string_view key, std::size_t from) {
  const std::size_t left = key.size() - from;
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < kHeadBytes; ++i) {
    head = head << 8 | (i < left ? static_cast<unsigned char>(key[from + i]) : 0);
  }
  return head << 8 | std::min(left, kHeadBytes + 1);
}

/// Where the keys, alike before `from`, begin to differ.
std::size_t find_difference(std::span<const Ranked> rows, std::size_t from) {
  std::string_view common = rows.front().write->key;
  for (const Ranked& row : rows) {
    const std::string_view key = row.write->key.substr(0, common.size());
    const auto differs = std::mismatch(key.begin() + from, key.end(), common.begin() + from);
    common = common.substr(0, static_cast<std::size_t>(differs.first - key.begin()));
  }
  return common.size();
}

/// `from`: bytes in which the keys are alike.
void sort_rows(std::span<Ranked> rows, std::size_t from) {
  if (rows.size() <= kCompareWhole) {
    // total: each key is there once.
    std::sort(rows.begin(), rows.end(),
              [](const Ranked& a, const Ranked& b) { return a.write->key < b.write->key; });
    return;
  }
  from = find_difference(rows, from);
  for (Ranked& row : rows) row.head = head_of(row.write->key, from);
  // total: those that are alike are sorted below.
  std::sort(rows.begin(), rows.end(),
            [](const Ranked& a, const Ranked& b) { return a.head < b.head; });
  for (auto begin = rows.begin(); begin != rows.end();) {
    const auto end =
        std::find_if(begin, rows.end(), [&](const Ranked& row) { return row.head != begin->head; });
    if (end - begin > 1) sort_rows({begin, end}, from + kHeadBytes);
    begin = end;
  }
}

}  // namespace

void sort_by_key(std::vector<IndexWrite>& writes) {
  std::vector<Ranked> rows;
  rows.reserve(writes.size());
  for (const IndexWrite& write : writes) rows.push_back({0, &write});
  sort_rows(rows, 0);
  std::vector<IndexWrite> sorted;
  sorted.reserve(writes.size());
  for (const Ranked& row : rows) sorted.push_back(*row.write);
  writes = std::move(sorted);
}

}  // namespace thaw
