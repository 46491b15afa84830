#include "adapters/memory/memory_log.h"

namespace thaw {

Status MemoryLog::append_group(std::span<const std::string_view> records) {
  const std::scoped_lock lock(mutex_);
  if (is_dead_) return fail(ErrorCode::unavailable, "the log failed before");
  const bool fails = appends_left_ == 0;
  if (appends_left_ >= 0) --appends_left_;
  if (!fails || keeps_group_) {
    for (const std::string_view record : records) records_.emplace_back(record);
  }
  if (!fails) return {};
  is_dead_ = true;
  return fail(ErrorCode::io, "sync failed");
}

std::uint64_t MemoryLog::last_sequence() const {
  const std::scoped_lock lock(mutex_);
  return records_.size();
}

Result<std::vector<std::pair<std::uint64_t, std::string>>> MemoryLog::read_after(
    std::uint64_t sequence, std::size_t limit) const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::pair<std::uint64_t, std::string>> found;
  for (std::size_t i = sequence; i < records_.size() && found.size() < limit; ++i) {
    found.emplace_back(i + 1, records_[i]);
  }
  return found;
}

void MemoryLog::fail_after(int appends, bool keeps_group) {
  const std::scoped_lock lock(mutex_);
  appends_left_ = appends;
  keeps_group_ = keeps_group;
}

}  // namespace thaw
