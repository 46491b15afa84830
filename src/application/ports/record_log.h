#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace thaw {

/// The durable log of records, numbered 1, 2, 3 … without gaps. One writer; readers may run beside
/// it.
class RecordLog {
 public:
  virtual ~RecordLog() = default;

  /// Appends a group as one unit, all or nothing, and returns when it is durable; before that no
  /// reader sees it. On any thread, one call at a time. After a failure the log is dead: the
  /// outcome is unknown until it is opened again.
  virtual Status append_group(std::span<const std::string_view> records) = 0;

  /// Number of the last durable record; zero: none.
  virtual std::uint64_t last_sequence() const = 0;

  /// Durable records after `sequence`, oldest first, at most `limit`.
  virtual Result<std::vector<std::pair<std::uint64_t, std::string>>> read_after(
      std::uint64_t sequence, std::size_t limit) const = 0;
};

}  // namespace thaw
