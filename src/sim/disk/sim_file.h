#pragma once

#include <memory>
#include <string>
#include <utility>

#include "application/ports/disk.h"
#include "sim/disk/inode.h"

namespace thaw {

class SimDisk;

/// A handle of a file of a SimDisk; dead after its restart or crash.
class SimFile final : public DiskFile {
 public:
  SimFile(SimDisk& disk, std::shared_ptr<SimInode> inode, std::string name, OpenMode mode);

  Status write(std::uint64_t offset, std::string_view bytes) override;
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override;
  Status preallocate(std::uint64_t size) override;
  Status truncate(std::uint64_t size) override;
  Status sync() override;
  Result<std::uint64_t> size() const override;

 private:
  Status check_alive(bool is_change) const;

  SimDisk& disk_;
  std::shared_ptr<SimInode> inode_;
  std::string name_;
  bool is_read_only_;
  std::uint64_t epoch_;
};

}  // namespace thaw
