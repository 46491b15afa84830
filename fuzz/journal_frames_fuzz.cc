#include <algorithm>

#include "application/journal/clean_mark.h"
#include "application/journal/frame_builder.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/journal_image.h"

namespace thaw {
namespace {

constexpr std::size_t kGroupsMax = 4;
constexpr std::uint64_t kIncarnation = 3;

struct Written {
  std::string segment;
  std::vector<std::string> records;
  std::vector<std::size_t> group_ends;  // in records
};

std::vector<std::string> take_group(InputReader& reader) {
  std::vector<std::string> group(1 + reader.take_byte() % 3);
  for (std::string& record : group) {
    const std::size_t size = reader.take_byte();
    // Some groups pack, and some of their bodies are longer than a block.
    record = size % 4 == 0 ? std::string(size * 64, 'p') : std::string(reader.take(size % 32));
  }
  return group;
}

/// A segment as the writer makes it.
Written write_segment(InputReader& reader) {
  Written written;
  const SegmentHeader header{.incarnation = kIncarnation};
  JournalHead head{0, 0, header.chain};
  written.segment = store_segment_header(header);
  FrameBuilder builder;
  const std::size_t groups = 1 + reader.take_byte() % kGroupsMax;
  for (std::size_t i = 0; i < groups; ++i) {
    const std::vector<std::string> group = take_group(reader);
    const std::vector<std::string_view> views(group.begin(), group.end());
    const std::string_view frame =
        builder.build(views, {kIncarnation, head.sequence + 1, head.position}, head.chain);
    written.segment += frame;
    head = {head.sequence + group.size(), head.position + frame.size(), builder.header().chain};
    written.records.insert(written.records.end(), group.begin(), group.end());
    written.group_ends.push_back(written.records.size());
  }
  if (reader.take_byte() % 2 == 1) {
    written.segment +=
        builder.build_seal({kIncarnation, head.sequence + 1, head.position},
                           static_cast<std::uint32_t>(written.records.size()), head.chain);
  }
  return written;
}

/// Flips, cuts, swaps and stale blocks, as a disk may do them.
std::string damage(std::string segment, InputReader& reader) {
  while (!reader.at_end() && !segment.empty()) {
    const std::uint8_t how = reader.take_byte();
    const std::size_t at = (reader.take_byte() * 256U + reader.take_byte()) % segment.size();
    const std::size_t block = at / kJournalBlock * kJournalBlock;
    switch (how % 4) {
      case 0: segment[at] = static_cast<char>(segment[at] ^ (1 << how / 4 % 8)); break;
      case 1: segment.resize(at); break;
      case 2:
        std::fill_n(segment.begin() + static_cast<std::ptrdiff_t>(block),
                    std::min(kJournalBlock, segment.size() - block), '\0');
        break;
      case 3: segment += segment.substr(block, kJournalBlock); break;
      default: break;
    }
  }
  return segment;
}

bool is_prefix_of_groups(const std::vector<std::string>& found, const Written& written) {
  if (!std::equal(found.begin(), found.end(), written.records.begin(),
                  written.records.begin() + static_cast<std::ptrdiff_t>(
                                                std::min(found.size(), written.records.size())))) {
    return false;
  }
  return found.empty() || std::ranges::count(written.group_ends, found.size()) == 1;
}

}  // namespace

/// A little script: groups of records, then damage to the segment that the writer makes of them.
/// Whatever was done, what is read is what was written, whole group by whole group from the first.
void fuzz_one(std::string_view input) {
  InputReader reader(input);
  const Written written = write_segment(reader);
  const Found whole = find_records({written.segment, {}});
  CHECK(whole.status && whole.records == written.records && whole.cut.empty());

  const std::string damaged = damage(written.segment, reader);
  const Found found = find_records({damaged, {}});
  CHECK(find_records({damaged, {}}) == found);
  if (found.status) CHECK(is_prefix_of_groups(found.records, written));
  // Only the last frame may be cut (docs/formats/journal.md): damage before it is refused.
  if (found.status && damaged.size() >= written.segment.size()) {
    const std::size_t kept =
        written.group_ends.size() > 1 ? written.group_ends[written.group_ends.size() - 2] : 0;
    CHECK(found.records.size() >= kept || damaged != written.segment);
  }
}

}  // namespace thaw
