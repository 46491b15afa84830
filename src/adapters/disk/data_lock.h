#pragma once

#include <memory>
#include <string>

#include "adapters/disk/file_descriptor.h"
#include "base/result.h"

namespace thaw {

/// The exclusive hold of one process on a data folder, by flock on its file LOCK: taken before any
/// other file there is touched, given back when this goes or the process ends, however it ends. The
/// file stays, and names the last holder's process id.
class DataLock {
 public:
  /// Creates LOCK if need be; the folder must exist. Errors: locked (the holder's process id in the
  /// detail), not_found, no_space, io.
  static Result<std::unique_ptr<DataLock>> acquire(const std::string& folder_path);

  DataLock(const DataLock&) = delete;
  DataLock& operator=(const DataLock&) = delete;

 private:
  explicit DataLock(FileDescriptor file) : file_(std::move(file)) {}

  FileDescriptor file_;
};

}  // namespace thaw
