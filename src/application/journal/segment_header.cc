#include "application/journal/segment_header.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "application/journal/bytes.h"
#include "application/journal/crc32c.h"

namespace thaw {
namespace {

constexpr std::string_view kMagic("thawseg\n", 8);
constexpr std::size_t kFormatAt = 8;
constexpr std::size_t kIncarnationAt = 16;
constexpr std::size_t kFirstSequenceAt = 24;
constexpr std::size_t kBasePositionAt = 32;
constexpr std::size_t kChainAt = 40;
constexpr std::size_t kCrcAt = kJournalBlock - 4;

constexpr std::string_view kSuffix = ".segment";
constexpr std::size_t kDigits = 20;

}  // namespace

std::string store_segment_header(const SegmentHeader& header) {
  std::string block(kJournalBlock, '\0');
  std::memcpy(block.data(), kMagic.data(), kMagic.size());
  store_le(block.data() + kFormatAt, std::uint32_t{kJournalFormat});
  store_le(block.data() + kIncarnationAt, header.incarnation);
  store_le(block.data() + kFirstSequenceAt, header.first_sequence);
  store_le(block.data() + kBasePositionAt, header.base_position);
  std::memcpy(block.data() + kChainAt, header.chain.data(), header.chain.size());
  store_le(block.data() + kCrcAt, crc32c({block.data(), kCrcAt}));
  return block;
}

Result<SegmentHeader> parse_segment_header(std::string_view block) {
  if (block.size() < kJournalBlock || !block.starts_with(kMagic)) {
    return fail(ErrorCode::corrupt, "this is no segment of a journal");
  }
  if (load_le<std::uint32_t>(block.data() + kCrcAt) != crc32c(block.substr(0, kCrcAt))) {
    return fail(ErrorCode::corrupt, "the segment header's checksum does not match");
  }
  const std::uint32_t format = load_le<std::uint32_t>(block.data() + kFormatAt);
  if (format != kJournalFormat) {
    return fail(ErrorCode::unsupported, "the segment is of format " + std::to_string(format) +
                                            ", which this version does not know");
  }
  SegmentHeader header{load_le<std::uint64_t>(block.data() + kIncarnationAt),
                       load_le<std::uint64_t>(block.data() + kFirstSequenceAt),
                       load_le<std::uint64_t>(block.data() + kBasePositionAt),
                       {}};
  std::memcpy(header.chain.data(), block.data() + kChainAt, header.chain.size());
  return header;
}

std::string segment_name(std::uint64_t first_sequence) {
  return fmt::format("{:020}{}", first_sequence, kSuffix);
}

std::optional<std::uint64_t> parse_segment_name(std::string_view name) {
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint64_t first_sequence = 0;
  const char* end = name.data() + kDigits;
  const auto [stopped, error] = std::from_chars(name.data(), end, first_sequence);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return first_sequence;
}

}  // namespace thaw
