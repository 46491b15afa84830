#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"

namespace thaw {

/// What a target defines: reads one input with the parser that it is for, and CHECKs what holds for
/// every input. Keeps nothing from one call to the next, so that a saved input repeats alone.
void fuzz_one(std::string_view input);

/// Takes an input apart from its front. At its end everything reads as zero or empty.
class InputReader {
 public:
  explicit InputReader(std::string_view input) : rest_(input) {}

  std::uint8_t take_byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::string_view take(std::size_t bytes) {
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  /// Up to the next line end, which goes with it.
  std::string_view take_line() {
    const std::string_view taken = rest_.substr(0, rest_.find('\n'));
    take(taken.size() + 1);
    return taken;
  }
  std::string_view rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace thaw
