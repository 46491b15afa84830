#pragma once

#include <map>
#include <mutex>
#include <shared_mutex>

#include "application/ports/index.h"

namespace thaw {

/// An index in memory, twin of RocksDB's in tests and the simulator's. `lose_unflushed` is its
/// crash.
class MemoryIndex final : public Index {
 public:
  Result<std::optional<std::string>> find(const std::string& key) const override;
  Result<std::vector<std::pair<std::string, std::string>>> scan(const std::string& prefix,
                                                                const std::string& from,
                                                                std::size_t limit) const override;
  Status apply(std::span<const IndexWrite> writes, std::uint64_t position) override;
  Status flush() override;
  std::uint64_t position() const override;
  std::uint64_t durable_position() const override;

  /// Everything since the last flush is gone, as after a crash.
  void lose_unflushed();

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::string> rows_;
  std::map<std::string, std::string> flushed_;
  std::uint64_t position_ = 0;
  std::uint64_t flushed_position_ = 0;
};

}  // namespace thaw
