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
  std::uint64_t last_sequence() const override;
  Result<std::vector<std::pair<std::uint64_t, std::string>>> read_after(
      std::uint64_t sequence, std::size_t limit) const override;

  /// The next append after that many fails, and with it every later one. `keeps_group`: the group
  /// was written all the same, as when only the answer of a sync is lost.
  void fail_after(int appends, bool keeps_group);
  void recover() { is_dead_ = false; }

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> records_;
  int appends_left_ = -1;
  bool keeps_group_ = false;
  bool is_dead_ = false;
};

}  // namespace thaw
