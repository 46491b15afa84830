// Preloaded into a running binary: the n-th call of a kind fails, in the whole process. Built and
// set by nth_call.py; what happened stands in a file that outlives the process.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <new>

namespace {

enum Kind { kWrite, kSync, kRename, kOpen, kRoom, kMemory, kKinds, kNone };
const char* const kNames[kKinds] = {"write", "sync", "rename", "open", "room", "memory"};

struct Report {
  std::atomic<unsigned long> calls[kKinds];  // so far
  std::atomic<unsigned long> failed;
  char first[968];  // the first call that failed
};

Kind struck = kNone;
const char* folder = "";
unsigned long nth = 0;
bool is_persistent = false;
int error_number = EIO;
Report* report = nullptr;

const char* get(const char* name) {
  const char* value = getenv(name);
  return value ? value : "";
}

__attribute__((constructor)) void set_up() {
  folder = get("NTH_FOLDER");
  nth = strtoul(get("NTH_N"), nullptr, 10);
  is_persistent = *get("NTH_PERSISTENT") != '\0';
  error_number = atoi(get("NTH_ERRNO"));
  const int file = open(get("NTH_REPORT"), O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* shared = mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (shared == MAP_FAILED) return;
  for (int kind = 0; kind < kKinds; ++kind) {
    if (strcmp(get("NTH_KIND"), kNames[kind]) == 0) struck = static_cast<Kind>(kind);
  }
  report = static_cast<Report*>(shared);  // last: from here on calls are counted
}

/// Counts a call, and says whether it is to fail.
bool is_struck(Kind kind, const char* what, const char* path) {
  const unsigned long number = ++report->calls[kind];
  if (kind != struck) return false;
  if (number != nth && !(is_persistent && nth != 0 && number > nth)) return false;
  if (++report->failed == 1) snprintf(report->first, sizeof report->first, "%s %s", what, path);
  errno = error_number;
  return true;
}

bool is_inside(const char* path) {
  return strncmp(path, folder, strlen(folder)) == 0;
}

/// Files are looked at where they stand: under NTH_FOLDER only.
bool fails_at(Kind kind, const char* what, int file, const char* name) {
  if (report == nullptr) return false;
  char path[2048] = "";
  if (name == nullptr || name[0] != '/') {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, 1000);
    if (length < 0) return false;
    path[length] = '\0';
    if (name) snprintf(path + length, sizeof path - static_cast<size_t>(length), "/%s", name);
  } else {
    snprintf(path, sizeof path, "%s", name);
  }
  return is_inside(path) && is_struck(kind, what, path);
}

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool fails_to_allocate() {
  return report != nullptr && is_struck(kMemory, "operator new", "");
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  return fails_at(kWrite, "write", file, nullptr) ? -1 : real(file, bytes, size);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return fails_at(kWrite, "pwrite", file, nullptr) ? -1 : real(file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return fails_at(kWrite, "pwrite64", file, nullptr) ? -1 : real(file, bytes, size, offset);
}
int fsync(int file) {
  static auto* const real = next<int(int)>("fsync");
  return fails_at(kSync, "fsync", file, nullptr) ? -1 : real(file);
}
int fdatasync(int file) {
  static auto* const real = next<int(int)>("fdatasync");
  return fails_at(kSync, "fdatasync", file, nullptr) ? -1 : real(file);
}
int rename(const char* from, const char* to) noexcept {
  static auto* const real = next<int(const char*, const char*)>("rename");
  return fails_at(kRename, "rename", AT_FDCWD, from) ? -1 : real(from, to);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static auto* const real = next<int(int, const char*, int, const char*)>("renameat");
  return fails_at(kRename, "renameat", from_folder, from) ? -1
                                                          : real(from_folder, from, to_folder, to);
}
int open(const char* path, int flags, ...) {
  static auto* const real = next<int(const char*, int, ...)>("open");
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return fails_at(kOpen, "open", AT_FDCWD, path) ? -1 : real(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  static auto* const real = next<int(const char*, int, ...)>("open64");
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return fails_at(kOpen, "open64", AT_FDCWD, path) ? -1 : real(path, flags, mode);
}
int openat(int in_folder, const char* path, int flags, ...) {
  static auto* const real = next<int(int, const char*, int, ...)>("openat");
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return fails_at(kOpen, "openat", in_folder, path) ? -1 : real(in_folder, path, flags, mode);
}
int ftruncate(int file, off_t size) noexcept {
  static auto* const real = next<int(int, off_t)>("ftruncate");
  return fails_at(kRoom, "ftruncate", file, nullptr) ? -1 : real(file, size);
}
int ftruncate64(int file, off64_t size) noexcept {
  static auto* const real = next<int(int, off64_t)>("ftruncate64");
  return fails_at(kRoom, "ftruncate64", file, nullptr) ? -1 : real(file, size);
}
int fallocate(int file, int mode, off_t offset, off_t size) {
  static auto* const real = next<int(int, int, off_t, off_t)>("fallocate");
  return fails_at(kRoom, "fallocate", file, nullptr) ? -1 : real(file, mode, offset, size);
}
int posix_fallocate(int file, off_t offset, off_t size) {
  static auto* const real = next<int(int, off_t, off_t)>("posix_fallocate");
  return fails_at(kRoom, "posix_fallocate", file, nullptr) ? errno : real(file, offset, size);
}

}  // extern "C"

void* operator new(std::size_t size) {
  if (fails_to_allocate()) throw std::bad_alloc();
  if (void* const bytes = malloc(size)) return bytes;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  if (fails_to_allocate()) throw std::bad_alloc();
  if (void* const bytes = aligned_alloc(static_cast<std::size_t>(alignment), size)) return bytes;
  throw std::bad_alloc();
}
void operator delete(void* bytes) noexcept {
  free(bytes);
}
void operator delete(void* bytes, std::size_t) noexcept {
  free(bytes);
}
void operator delete(void* bytes, std::align_val_t) noexcept {
  free(bytes);
}
void operator delete(void* bytes, std::size_t, std::align_val_t) noexcept {
  free(bytes);
}
