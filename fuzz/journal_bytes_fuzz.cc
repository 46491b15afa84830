#include "application/journal/clean_mark.h"
#include "application/journal/frame.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/journal_image.h"

namespace thaw {
namespace {

/// The parsers by themselves, at any bytes.
void check_parsers(std::string_view bytes) {
  if (const auto header = parse_frame_header(bytes)) {
    std::string stored(kFrameHeaderBytes, '\0');
    store_frame_header(stored.data(), *header);
    CHECK(*parse_frame_header(stored) == *header);
    CHECK(header->frame_bytes() % kJournalBlock == 0 && header->frame_bytes() > 0);
  }
  if (const auto header = parse_segment_header(bytes)) {
    CHECK(*parse_segment_header(store_segment_header(*header)) == *header);
  }
  if (const auto sequence = parse_segment_name(bytes)) CHECK(segment_name(*sequence) == bytes);
  std::vector<std::string_view> records;
  for (const std::uint32_t count : {0U, 1U, 2U, 3U, 0xffff'ffffU}) {
    if (!split_records(bytes, count, records)) continue;
    std::string joined;
    for (const std::string_view record : records) joined += record;
    CHECK(records.size() == count && joined == bytes);
  }
}

}  // namespace

/// A byte of flags, then a segment's bytes: what a start makes of any of them.
void fuzz_one(std::string_view input) {
  InputReader reader(input);
  const std::uint8_t flags = reader.take_byte();
  JournalImage image{std::string(reader.rest()), {}};
  check_parsers(reader.rest());
  if (flags % 2 == 1) mend_checksums(image.segment);
  if (image.segment.size() >= kJournalBlock) {
    check_parsers(std::string_view(image.segment).substr(kJournalBlock));
  }
  const Found found = find_records(image);
  CHECK(find_records(image) == found);  // the same bytes, the same answer
  if (!found.status) CHECK(!found.status.error().detail.empty() && found.records.empty());
}

}  // namespace thaw
