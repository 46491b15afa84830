#include "adapters/disk/data_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>

#include "adapters/disk/posix_error.h"

namespace thaw {
namespace {

/// What the file says about its holder; the holder may not have written it yet.
std::string holder_of(int file) {
  std::array<char, 24> text{};
  const ssize_t length = ::pread(file, text.data(), text.size() - 1, 0);
  std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!holder.empty() && (holder.back() == '\n' || holder.back() == ' ')) holder.pop_back();
  return holder.empty() ? "not known" : holder;
}

}  // namespace

Result<std::unique_ptr<DataLock>> DataLock::acquire(const std::string& folder_path) {
  const std::string path = folder_path + "/LOCK";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file.is_open()) return fail_errno(errno, "open", path);
  const int failed = retry_interrupted([&] { return ::flock(file.number(), LOCK_EX | LOCK_NB); });
  if (failed != 0 && errno == EWOULDBLOCK) {
    return fail(ErrorCode::locked, path + " is held by process " + holder_of(file.number()) +
                                       "; stop it before starting another on the same data");
  }
  if (failed != 0) return fail_errno(errno, "flock", path);
  // Fixed width, written over: needs no new block, so a full disk cannot keep an operator out. The
  // text only helps people; the lock does not rest on it.
  const std::string holder = fmt::format("{:<20}\n", ::getpid());
  (void)!::pwrite(file.number(), holder.data(), holder.size(), 0);
  return std::unique_ptr<DataLock>(new DataLock(std::move(file)));
}

}  // namespace thaw
