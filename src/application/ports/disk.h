#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace thaw {

enum class OpenMode {
  read,    // must exist; only read and size are allowed
  write,   // must exist
  create,  // must not exist yet; read and write
};

/// An open file. Destruction closes it and makes nothing durable. Offsets and sizes are bytes.
/// One thread at a time; several handles of one file may be used by several threads.
class DiskFile {
 public:
  DiskFile() = default;
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;
  virtual ~DiskFile() = default;

  /// Writes all of `bytes`, or fails and leaves any mixture of old and new there. A gap before
  /// `offset` reads as zeros. Errors: io, no_space.
  virtual Status write(std::uint64_t offset, std::string_view bytes) = 0;
  /// The number of bytes read; fewer than asked for only at the end of the file. Errors: io.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const = 0;
  /// Takes room for the first `size` bytes and makes the file at least that long, so that writes
  /// below `size` never meet a full disk. Errors: io, no_space.
  virtual Status preallocate(std::uint64_t size) = 0;
  /// Sets the size; new bytes are zeros. Errors: io, no_space.
  virtual Status truncate(std::uint64_t size) = 0;
  /// Makes content and size durable, not the file's name (Disk::sync_dir). After a failure this
  /// file must not be synced again: a later success says nothing about what failed. Errors: io,
  /// no_space.
  virtual Status sync() = 0;
  virtual Result<std::uint64_t> size() const = 0;
};

/// One data folder. Names are relative to it: "name" or "folder/name"; "" is the folder itself.
/// Any other shape is ErrorCode::invalid. What is changed here is durable only after `sync_dir` of
/// each folder concerned, and until then a crash may undo it in part; each call by itself is all or
/// nothing. Errors of all calls: io; further ones at each. Callable from several threads.
class Disk {
 public:
  Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  virtual ~Disk() = default;

  /// Errors: not_found; conflict (create, and it exists); no_space.
  virtual Result<std::unique_ptr<DiskFile>> open(const std::string& name, OpenMode mode) = 0;
  /// Replaces `to` if it exists. Open handles follow the file. Errors: not_found, no_space.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  /// Errors: not_found.
  virtual Status remove(const std::string& name) = 0;
  /// Names of the files in `folder`, without it, in byte order. Errors: not_found.
  virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
  /// Success also if the folder is there. Durable after sync_dir(""). Errors: no_space.
  virtual Status make_dir(const std::string& folder) = 0;
  /// Errors: not_found.
  virtual Status sync_dir(const std::string& folder) = 0;
  /// Bytes that could still be written, as far as the disk knows.
  virtual Result<std::uint64_t> free_bytes() = 0;
};

/// Whether `folder` has the shape that list, make_dir and sync_dir take.
inline bool is_disk_folder(std::string_view folder) {
  return folder != "." && folder != ".." && folder.find_first_of({"/\0", 2}) == folder.npos;
}

/// Whether `name` has the shape that open, rename and remove take.
inline bool is_disk_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == 0) return false;
  if (slash != name.npos && !is_disk_folder(name.substr(0, slash))) return false;
  const std::string_view file = slash == name.npos ? name : name.substr(slash + 1);
  return !file.empty() && is_disk_folder(file);
}

/// The folder part of a name; "" for a name without one.
inline std::string disk_folder_of(std::string_view name) {
  const std::size_t slash = name.find('/');
  return std::string(name.substr(0, slash == name.npos ? 0 : slash));
}

}  // namespace thaw
