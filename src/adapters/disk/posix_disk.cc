#include "adapters/disk/posix_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "adapters/disk/posix_error.h"
#include "adapters/disk/posix_file.h"

namespace thaw {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::read: return O_RDONLY | O_CLOEXEC;
    case OpenMode::write: return O_RDWR | O_CLOEXEC;
    case OpenMode::create: return O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  }
  return O_RDONLY | O_CLOEXEC;
}

std::unexpected<Error> refuse(const std::string& name) {
  return fail(ErrorCode::invalid, "no name for a file of the data folder: " + name);
}

}  // namespace

PosixDisk::PosixDisk(FileDescriptor root, std::string path)
    : root_(std::move(root)), path_(std::move(path)) {}

Result<std::unique_ptr<PosixDisk>> PosixDisk::open(const std::string& path) {
  FileDescriptor root(::open(path.c_str(), kFolderFlags));
  if (!root.is_open()) return fail_errno(errno, "open folder", path);
  return std::unique_ptr<PosixDisk>(new PosixDisk(std::move(root), path));
}

Result<std::unique_ptr<DiskFile>> PosixDisk::open(const std::string& name, OpenMode mode) {
  if (!is_disk_name(name)) return refuse(name);
  FileDescriptor file(retry_interrupted(
      [&] { return ::openat(root_.number(), name.c_str(), flags_of(mode), 0640); }));
  if (!file.is_open()) return fail_errno(errno, "open", path_of(name));
  return std::make_unique<PosixFile>(std::move(file), path_of(name));
}

Status PosixDisk::rename(const std::string& from, const std::string& to) {
  if (!is_disk_name(from)) return refuse(from);
  if (!is_disk_name(to)) return refuse(to);
  if (::renameat(root_.number(), from.c_str(), root_.number(), to.c_str()) != 0) {
    return fail_errno(errno, "rename", path_of(from) + " to " + to);
  }
  return {};
}

Status PosixDisk::remove(const std::string& name) {
  if (!is_disk_name(name)) return refuse(name);
  if (::unlinkat(root_.number(), name.c_str(), 0) != 0) {
    return fail_errno(errno, "remove", path_of(name));
  }
  return {};
}

Result<FileDescriptor> PosixDisk::open_folder(const std::string& folder) const {
  if (!is_disk_folder(folder)) return refuse(folder);
  const char* name = folder.empty() ? "." : folder.c_str();
  FileDescriptor opened(
      retry_interrupted([&] { return ::openat(root_.number(), name, kFolderFlags); }));
  if (!opened.is_open()) return fail_errno(errno, "open folder", path_of(folder));
  return opened;
}

Result<std::vector<std::string>> PosixDisk::list(const std::string& folder) {
  const Result<FileDescriptor> opened = open_folder(folder);
  if (!opened) return fail_with(opened);
  // fdopendir takes its descriptor over, and closes it with the stream.
  const int owned = ::fcntl(opened->number(), F_DUPFD_CLOEXEC, 0);
  if (owned < 0) return fail_errno(errno, "list", path_of(folder));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(owned), &::closedir);
  if (!stream) {
    const int error = errno;
    ::close(owned);
    return fail_errno(error, "list", path_of(folder));
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    struct stat status{};
    if (::fstatat(opened->number(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      if (S_ISREG(status.st_mode)) names.emplace_back(entry->d_name);
    } else if (errno != ENOENT) {  // ENOENT: removed since readdir saw it
      return fail_errno(errno, "list", path_of(folder));
    }
    errno = 0;
  }
  if (errno != 0) return fail_errno(errno, "list", path_of(folder));
  std::sort(names.begin(), names.end());
  return names;
}

Status PosixDisk::make_dir(const std::string& folder) {
  if (folder.empty() || !is_disk_folder(folder)) return refuse(folder);
  if (::mkdirat(root_.number(), folder.c_str(), 0750) != 0 && errno != EEXIST) {
    return fail_errno(errno, "make folder", path_of(folder));
  }
  return {};
}

Status PosixDisk::sync_dir(const std::string& folder) {
  const Result<FileDescriptor> opened = open_folder(folder);
  if (!opened) return fail_with(opened);
  if (::fsync(opened->number()) != 0) return fail_errno(errno, "fsync folder", path_of(folder));
  return {};
}

Result<std::uint64_t> PosixDisk::free_bytes() {
  struct statvfs status{};
  if (::fstatvfs(root_.number(), &status) != 0) return fail_errno(errno, "statvfs", path_);
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace thaw
