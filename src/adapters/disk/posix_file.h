#pragma once

#include <string>
#include <utility>

#include "adapters/disk/file_descriptor.h"
#include "application/ports/disk.h"

namespace thaw {

class PosixFile final : public DiskFile {
 public:
  PosixFile(FileDescriptor descriptor, std::string name)
      : descriptor_(std::move(descriptor)), name_(std::move(name)) {}

  Status write(std::uint64_t offset, std::string_view bytes) override;
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override;
  Status preallocate(std::uint64_t size) override;
  Status truncate(std::uint64_t size) override;
  Status sync() override;
  Result<std::uint64_t> size() const override;

 private:
  FileDescriptor descriptor_;
  std::string name_;
};

}  // namespace thaw
