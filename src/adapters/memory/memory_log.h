#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "application/ports/record_log.h"

namespace thaw {

/// A log in memory for tests: its `fail_after` is the disk's failure. Thread-safe.
class MemoryLog final : public RecordLog {
 public:
  Status append_group(std::span<const std::string_view> records) override;
  Status sync() override;
  std::uint64_t last_sequence() const override;
  Result<std::vector<std::pair<std::uint64_t, std::string>>> read_after(
      std::uint64_t sequence, std::size_t limit) const override;

  /// The next sync after that many fails, and with it all that follows. `keeps_group`: the group
  /// was written all the same, as when only the answer of the sync is lost.
  void fail_after(int syncs, bool keeps_group);
  void recover() { is_dead_ = false; }

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> records_;
  std::deque<std::string> appended_;  // not synced yet
  int syncs_left_ = -1;
  bool keeps_group_ = false;
  bool is_dead_ = false;
};

}  // namespace thaw
