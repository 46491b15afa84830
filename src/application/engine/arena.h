#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace thaw {

/// Bytes that are given back all at once. What it hands out stays where it is until `clear`.
class Arena {
 public:
  /// Room for `size` bytes, not aligned.
  char* allocate(std::size_t size);
  std::string_view copy(std::string_view bytes);
  /// Keeps its first chunk, for the next use.
  void clear();
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace thaw
