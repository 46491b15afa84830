#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "application/journal/frame.h"

namespace thaw {

/// Packs the bodies of frames with zstd: the records of one group repeat each other's words, and
/// come to a quarter of their size. One thread.
class BodyPacker {
 public:
  BodyPacker();
  ~BodyPacker();

  /// Packs `body` into `room`. Returns the bytes taken; zero: it does not fit, keep it as it is.
  std::size_t pack(std::string_view body, std::span<char> room);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Takes the bodies of frames out again, into a buffer that is kept from one to the next. One
/// thread.
class BodyUnpacker {
 public:
  BodyUnpacker();
  BodyUnpacker(BodyUnpacker&&) noexcept;
  BodyUnpacker& operator=(BodyUnpacker&&) noexcept;
  ~BodyUnpacker();

  /// The body as it was before packing, good until the next call and as long as `stored`; nothing:
  /// these bytes do not unpack to what the header says.
  std::optional<std::string_view> unpack(const FrameHeader& header, std::string_view stored);

 private:
  struct State;
  std::unique_ptr<State> state_;  // made at the first packed body
  std::vector<char> buffer_;
};

}  // namespace thaw
