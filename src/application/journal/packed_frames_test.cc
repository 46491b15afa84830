#include <gtest/gtest.h>

#include "application/journal/crc32c.h"
#include "application/journal/grown_for_test.h"

namespace thaw {
namespace {

TEST(PackedFrames, the_last_one_may_be_cut_at_any_byte) {
  Random random(1);
  const Grown grown = grow(false, {{"x"}, packing_group(random)});
  ASSERT_GE(grown.last_bytes(), 2 * kJournalBlock);
  ASSERT_LE(grown.last_bytes(), 4 * kJournalBlock);  // of seven unpacked
  expect_any_cut_is_harmless(grown);
}

TEST(PackedFrames, a_body_that_does_not_unpack_is_corruption_and_no_cut) {
  Random random(1);
  const Grown grown = grow(false, {{"x"}, packing_group(random)});
  for (const std::uint64_t at : {kFrameHeaderBytes + 0, kFrameHeaderBytes + 700}) {
    Files files = grown.files;
    char* const frame = bytes_in(files, grown.last_name).data() + grown.last_offset;
    const std::uint64_t bytes = grown.last_bytes();
    auto header = parse_frame_header({frame, kFrameHeaderBytes});
    ASSERT_TRUE(header && header->plain_bytes > 0);
    frame[at] = static_cast<char>(frame[at] ^ 1);
    header->body_crc = crc32c({frame + kFrameHeaderBytes, bytes - kFrameHeaderBytes});
    store_frame_header(frame, *header);
    expect_corrupt(open_and_read(files), grown.last_name, grown.last_offset);
  }
}

}  // namespace
}  // namespace thaw
