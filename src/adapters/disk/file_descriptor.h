#pragma once

#include <utility>

namespace thaw {

/// Owns a file descriptor; closes it when it goes.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor();

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// Whether the last system call failed with EINTR.
bool was_interrupted();

/// Runs `call` until it is not interrupted by a signal (EINTR).
template <typename Call>
auto retry_interrupted(Call call) {
  auto result = call();
  while (result < 0 && was_interrupted()) result = call();
  return result;
}

}  // namespace thaw
