#pragma once

#include <functional>
#include <memory>
#include <string>

#include "application/ports/index.h"

namespace thaw {

struct RocksDbOptions {
  std::uint64_t block_cache_bytes = 256ULL << 20;
  std::uint64_t write_buffer_bytes = 64ULL << 20;
  std::function<void()> on_merging_thread;  // run once on RocksDB's thread that merges
};

/// The index in RocksDB: one column family, its own log switched off, rows and position in one
/// atomic batch, so that what survives a crash is a prefix of what was applied. Reads are
/// thread-safe.
class RocksDbIndex final : public Index {
 public:
  /// Creates the folder if it is missing. Errors: io, no_space; corrupt: the index is derived,
  /// `thaw rebuild-index` makes it anew.
  static Result<std::unique_ptr<RocksDbIndex>> open(const std::string& path,
                                                    RocksDbOptions options);
  ~RocksDbIndex() override;

  Result<std::optional<std::string>> find(const std::string& key) const override;
  Result<std::vector<std::pair<std::string, std::string>>> scan(const std::string& prefix,
                                                                const std::string& from,
                                                                std::size_t limit) const override;
  Status apply(std::span<const IndexWrite> writes, std::uint64_t position) override;
  Status flush() override;
  std::uint64_t position() const override;
  std::uint64_t durable_position() const override;

 private:
  struct Store;
  Status apply_as_file(std::span<const IndexWrite> writes, std::uint64_t position);
  Status apply_as_batch(std::span<const IndexWrite> writes, std::uint64_t position);
  explicit RocksDbIndex(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

}  // namespace thaw
