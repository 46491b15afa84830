#include "application/journal/frame.h"

#include <algorithm>
#include <cstring>

#include "application/journal/bytes.h"
#include "application/journal/crc32c.h"

namespace thaw {
namespace {

constexpr std::string_view kMagic = "thfr";
// Offsets in the header.
constexpr std::size_t kFormatAt = 4;
constexpr std::size_t kKindAt = 6;
constexpr std::size_t kIncarnationAt = 8;
constexpr std::size_t kSequenceAt = 16;
constexpr std::size_t kPositionAt = 24;
constexpr std::size_t kBodyBytesAt = 32;
constexpr std::size_t kRecordCountAt = 36;
constexpr std::size_t kBodyCrcAt = 40;
constexpr std::size_t kPlainBytesAt = 44;
constexpr std::size_t kMerkleRootAt = 48;
constexpr std::size_t kChainAt = 80;  // all before it goes into the chain hash
constexpr std::size_t kHeaderCrcAt = 124;

JournalHash load_hash(const char* at) {
  JournalHash hash;
  std::memcpy(hash.data(), at, hash.size());
  return hash;
}

}  // namespace

std::uint64_t FrameHeader::frame_bytes() const {
  const std::uint64_t bytes = kFrameHeaderBytes + body_bytes;
  return (bytes + kJournalBlock - 1) / kJournalBlock * kJournalBlock;
}

void store_frame_header(char* at, const FrameHeader& header) {
  std::memset(at, 0, kFrameHeaderBytes);
  std::memcpy(at, kMagic.data(), kMagic.size());
  store_le(at + kFormatAt, kJournalFormat);
  store_le(at + kKindAt, static_cast<std::uint16_t>(header.kind));
  store_le(at + kIncarnationAt, header.place.incarnation);
  store_le(at + kSequenceAt, header.place.sequence);
  store_le(at + kPositionAt, header.place.position);
  store_le(at + kBodyBytesAt, header.body_bytes);
  store_le(at + kRecordCountAt, header.record_count);
  store_le(at + kBodyCrcAt, header.body_crc);
  store_le(at + kPlainBytesAt, header.plain_bytes);
  std::memcpy(at + kMerkleRootAt, header.merkle_root.data(), header.merkle_root.size());
  std::memcpy(at + kChainAt, header.chain.data(), header.chain.size());
  store_le(at + kHeaderCrcAt, crc32c({at, kHeaderCrcAt}));
}

Result<FrameHeader> parse_frame_header(std::string_view bytes) {
  if (bytes.size() < kFrameHeaderBytes || !bytes.starts_with(kMagic)) {
    return fail(ErrorCode::corrupt, "no frame begins here");
  }
  const char* at = bytes.data();
  if (load_le<std::uint32_t>(at + kHeaderCrcAt) != crc32c({at, kHeaderCrcAt})) {
    return fail(ErrorCode::corrupt, "the frame header's checksum does not match");
  }
  const std::uint16_t format = load_le<std::uint16_t>(at + kFormatAt);
  const std::uint16_t kind = load_le<std::uint16_t>(at + kKindAt);
  FrameHeader header;
  header.kind = static_cast<FrameKind>(kind);
  header.place = {load_le<std::uint64_t>(at + kIncarnationAt),
                  load_le<std::uint64_t>(at + kSequenceAt),
                  load_le<std::uint64_t>(at + kPositionAt)};
  header.body_bytes = load_le<std::uint32_t>(at + kBodyBytesAt);
  header.record_count = load_le<std::uint32_t>(at + kRecordCountAt);
  header.body_crc = load_le<std::uint32_t>(at + kBodyCrcAt);
  header.plain_bytes = load_le<std::uint32_t>(at + kPlainBytesAt);
  header.merkle_root = load_hash(at + kMerkleRootAt);
  header.chain = load_hash(at + kChainAt);
  const bool is_known = header.kind == FrameKind::records || header.kind == FrameKind::seal;
  if (format != kJournalFormat || !is_known) {
    return fail(ErrorCode::unsupported, "the frame is of format " + std::to_string(format) +
                                            ", kind " + std::to_string(kind) +
                                            ", which this version does not know");
  }
  if (std::max(header.body_bytes, header.plain_bytes) > kFrameBodyBytesMax) {
    return fail(ErrorCode::corrupt, "the frame is larger than any that is written");
  }
  return header;
}

JournalHash chain_hash(Hasher& hasher, const JournalHash& before, const char* header_bytes) {
  return hasher.hash({bytes_of(before), {header_bytes, kChainAt}});
}

bool split_records(std::string_view body, std::uint32_t count,
                   std::vector<std::string_view>& records) {
  records.clear();
  records.reserve(std::min<std::size_t>(count, body.size() / 4));
  for (std::uint32_t i = 0; i < count; ++i) {
    if (body.size() < 4) return false;
    const std::uint32_t size = load_le<std::uint32_t>(body.data());
    if (size > body.size() - 4) return false;
    records.push_back(body.substr(0, 4 + std::size_t{size}));
    body.remove_prefix(4 + std::size_t{size});
  }
  return body.empty();
}

}  // namespace thaw
