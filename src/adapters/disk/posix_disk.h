#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/disk/file_descriptor.h"
#include "application/ports/disk.h"

namespace thaw {

/// A folder of the file system. Callable from several threads. Takes no lock: a process that writes
/// holds a DataLock first.
class PosixDisk final : public Disk {
 public:
  /// The folder must exist. Errors: not_found, io.
  static Result<std::unique_ptr<PosixDisk>> open(const std::string& path);

  Result<std::unique_ptr<DiskFile>> open(const std::string& name, OpenMode mode) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& name) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_dir(const std::string& folder) override;
  Status sync_dir(const std::string& folder) override;
  Result<std::uint64_t> free_bytes() override;

 private:
  PosixDisk(FileDescriptor root, std::string path);
  Result<FileDescriptor> open_folder(const std::string& folder) const;
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }

  FileDescriptor root_;
  std::string path_;
};

}  // namespace thaw
