#include "application/journal/frame_builder.h"

#include <cstring>

#include "application/journal/bytes.h"
#include "application/journal/crc32c.h"
#include "base/check.h"

namespace thaw {
namespace {

constexpr std::size_t kKeptBytesMax = 32ULL << 20;

void reserve(std::vector<char>& buffer, std::uint64_t bytes) {
  if (buffer.size() > kKeptBytesMax && bytes <= kKeptBytesMax) buffer = {};
  if (buffer.size() < bytes) buffer.resize(bytes);
}

}  // namespace

/// Puts the plain body behind the header, packed if that saves a block.
void FrameBuilder::set_body(std::uint64_t plain_bytes) {
  header_.body_bytes = static_cast<std::uint32_t>(plain_bytes);
  const std::uint64_t most = header_.frame_bytes();
  reserve(buffer_, most);
  char* const body = buffer_.data() + kFrameHeaderBytes;
  std::size_t packed = 0;
  if (most > kJournalBlock) {
    packed = packer_.pack({plain_.data(), plain_bytes},
                          {body, most - kJournalBlock - kFrameHeaderBytes});
  }
  if (packed == 0) {
    if (plain_bytes > 0) std::memcpy(body, plain_.data(), plain_bytes);
    return;
  }
  header_.body_bytes = static_cast<std::uint32_t>(packed);
  header_.plain_bytes = static_cast<std::uint32_t>(plain_bytes);
}

void FrameBuilder::zero_padding() {
  const std::size_t end = kFrameHeaderBytes + header_.body_bytes;
  std::memset(buffer_.data() + end, 0, header_.frame_bytes() - end);
  header_.body_crc =
      crc32c({buffer_.data() + kFrameHeaderBytes, header_.frame_bytes() - kFrameHeaderBytes});
}

std::string_view FrameBuilder::build(std::span<const std::string_view> records,
                                     const FramePlace& place, const JournalHash& chain_before) {
  std::uint64_t body_bytes = 0;
  for (const std::string_view record : records) body_bytes += 4 + record.size();
  CHECK(body_bytes <= kFrameBodyBytesMax);
  header_ = {.kind = FrameKind::records,
             .place = place,
             .record_count = static_cast<std::uint32_t>(records.size())};
  reserve(plain_, body_bytes);
  leaves_.clear();
  char* at = plain_.data();
  for (const std::string_view record : records) {
    store_le(at, static_cast<std::uint32_t>(record.size()));
    if (!record.empty()) std::memcpy(at + 4, record.data(), record.size());
    // Hashed right after the copy, while it is in the cache; with its size, in one piece.
    leaves_.push_back(hasher_.hash({{at, 4 + record.size()}}));
    at += 4 + record.size();
  }
  set_body(body_bytes);
  zero_padding();
  header_.merkle_root = hasher_.merkle_root(leaves_);
  store_frame_header(buffer_.data(), header_);
  header_.chain = chain_hash(hasher_, chain_before, buffer_.data());
  store_frame_header(buffer_.data(), header_);
  return {buffer_.data(), header_.frame_bytes()};
}

std::string_view FrameBuilder::build_seal(const FramePlace& place, std::uint32_t record_count,
                                          const JournalHash& chain) {
  header_ = {.kind = FrameKind::seal, .place = place, .record_count = record_count, .chain = chain};
  reserve(buffer_, header_.frame_bytes());
  zero_padding();
  store_frame_header(buffer_.data(), header_);
  return {buffer_.data(), header_.frame_bytes()};
}

}  // namespace thaw
