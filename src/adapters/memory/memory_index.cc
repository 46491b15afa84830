#include "adapters/memory/memory_index.h"

#include <algorithm>

namespace thaw {

Result<std::optional<std::string>> MemoryIndex::find(const std::string& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = rows_.find(key);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

Result<std::vector<std::pair<std::string, std::string>>> MemoryIndex::scan(
    const std::string& prefix, const std::string& from, std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::pair<std::string, std::string>> found;
  for (auto row = rows_.lower_bound(std::max(prefix, from));
       row != rows_.end() && found.size() < limit && row->first.starts_with(prefix); ++row) {
    found.emplace_back(*row);
  }
  return found;
}

Status MemoryIndex::apply(std::span<const IndexWrite> writes, std::uint64_t position) {
  const std::unique_lock lock(mutex_);
  for (const IndexWrite& write : writes) {
    if (write.value) {
      rows_[std::string(write.key)] = *write.value;
    } else {
      rows_.erase(std::string(write.key));
    }
  }
  position_ = position;
  return {};
}

Status MemoryIndex::flush() {
  const std::unique_lock lock(mutex_);
  flushed_ = rows_;
  flushed_position_ = position_;
  return {};
}

std::uint64_t MemoryIndex::position() const {
  const std::shared_lock lock(mutex_);
  return position_;
}

std::uint64_t MemoryIndex::durable_position() const {
  const std::shared_lock lock(mutex_);
  return flushed_position_;
}

void MemoryIndex::lose_unflushed() {
  const std::unique_lock lock(mutex_);
  rows_ = flushed_;
  position_ = flushed_position_;
}

}  // namespace thaw
