#include "application/engine/arena.h"

#include <algorithm>
#include <cstring>

namespace thaw {
namespace {

constexpr std::size_t kChunkBytes = 256ULL << 10;

}  // namespace

char* Arena::allocate(std::size_t size) {
  if (size > left_) {
    left_ = std::max(size, kChunkBytes);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    bytes_ += left_;
    at_ = chunks_.back().get();
  }
  char* const room = at_;
  at_ += size;
  left_ -= size;
  return room;
}

std::string_view Arena::copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  char* const room = allocate(bytes.size());
  std::memcpy(room, bytes.data(), bytes.size());
  return {room, bytes.size()};
}

void Arena::clear() {
  if (chunks_.empty()) return;
  chunks_.resize(1);
  at_ = chunks_.front().get();
  left_ = kChunkBytes;  // or more, if a huge row was the first
  bytes_ = kChunkBytes;
}

}  // namespace thaw
