#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace thaw {

/// One change to the index; no value: remove. The bytes are the caller's, and good for the call.
struct IndexWrite {
  std::string_view key;
  std::optional<std::string_view> value;
};

/// The ordered store of rows behind the journal: a derived thing, rebuilt from it at any time. It
/// may lose what was applied since the last flush, but only from the end, and rows and position
/// together. `apply` and `flush` are for one thread; reads may run beside them.
class Index {
 public:
  virtual ~Index() = default;

  virtual Result<std::optional<std::string>> find(const std::string& key) const = 0;
  /// Rows whose key begins with `prefix` and is not below `from`, in byte order, at most `limit`.
  virtual Result<std::vector<std::pair<std::string, std::string>>> scan(
      const std::string& prefix, const std::string& from, std::size_t limit) const = 0;
  /// Applies the writes in order, and the journal sequence that they reach, as one. Many at once
  /// are quickest in key order, each key once.
  virtual Status apply(std::span<const IndexWrite> writes, std::uint64_t position) = 0;
  /// Makes everything applied durable.
  virtual Status flush() = 0;
  /// The last journal sequence applied; zero: none.
  virtual std::uint64_t position() const = 0;
  /// The last one known to be durable: the journal must never end before it.
  virtual std::uint64_t durable_position() const = 0;
};

}  // namespace thaw
