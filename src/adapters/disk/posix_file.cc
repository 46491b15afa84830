#include "adapters/disk/posix_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/disk/posix_error.h"

namespace thaw {

Status PosixFile::write(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = retry_interrupted([&] {
      return ::pwrite(descriptor_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    });
    if (done < 0) return fail_errno(errno, "write", name_);
    if (done == 0) return fail_errno(EIO, "write", name_);
    bytes.remove_prefix(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return {};
}

Result<std::size_t> PosixFile::read(std::uint64_t offset, std::span<char> into) const {
  std::size_t total = 0;
  while (total < into.size()) {
    const ssize_t done = retry_interrupted([&] {
      return ::pread(descriptor_.number(), into.data() + total, into.size() - total,
                     static_cast<off_t>(offset + total));
    });
    if (done < 0) return fail_errno(errno, "read", name_);
    if (done == 0) break;
    total += static_cast<std::size_t>(done);
  }
  return total;
}

Status PosixFile::preallocate(std::uint64_t size) {
  // Falls back to writing where the file system has no fallocate, so that room is truly taken.
  int error = EINTR;
  while (error == EINTR) {
    error = ::posix_fallocate(descriptor_.number(), 0, static_cast<off_t>(size));
  }
  if (error != 0) return fail_errno(error, "preallocate", name_);
  return {};
}

Status PosixFile::truncate(std::uint64_t size) {
  const int failed = retry_interrupted(
      [&] { return ::ftruncate(descriptor_.number(), static_cast<off_t>(size)); });
  if (failed != 0) return fail_errno(errno, "truncate", name_);
  return {};
}

Status PosixFile::sync() {
  // Not retried, whatever the error: the kernel may have dropped the pages with the first report.
  if (::fdatasync(descriptor_.number()) != 0) return fail_errno(errno, "fdatasync", name_);
  return {};
}

Result<std::uint64_t> PosixFile::size() const {
  struct stat status{};
  if (::fstat(descriptor_.number(), &status) != 0) return fail_errno(errno, "stat", name_);
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace thaw
