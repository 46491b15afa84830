#include "application/journal/clean_mark.h"

#include "application/journal/bytes.h"
#include "application/journal/crc32c.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/journal_image.h"

namespace thaw {
namespace {

constexpr std::size_t kCrcAt = 72;

}  // namespace

/// A byte that says whether the checksum is mended, then the file's bytes.
void fuzz_one(std::string_view input) {
  InputReader reader(input);
  const bool is_mended = reader.take_byte() % 2 == 1;
  std::string bytes(reader.rest());
  if (bytes.empty()) return;
  if (is_mended && bytes.size() >= kCrcAt + 4) {
    store_le(bytes.data() + kCrcAt, crc32c(std::string_view(bytes).substr(0, kCrcAt)));
  }
  SimDisk disk(1);
  const JournalImage image{store_segment_header({.incarnation = 1}), bytes};
  image.put_on(disk);
  const auto mark = load_clean_mark(disk, "journal");
  // A mark says where the journal ended; beside an empty one it is obeyed or refused, never
  // ignored.
  const Found found = find_records(image);
  if (!mark) {
    CHECK(!found.status && found.status.error().code == mark.error().code);
    return;
  }
  CHECK(*mark);
  CHECK(!found.status || (*mark)->head.sequence == 0);
  CHECK(store_clean_mark(disk, "journal", **mark) && *load_clean_mark(disk, "journal") == *mark);
}

}  // namespace thaw
