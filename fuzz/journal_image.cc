#include "fuzz/journal_image.h"

#include <cstring>

#include "application/journal/bytes.h"
#include "application/journal/clean_mark.h"
#include "application/journal/crc32c.h"
#include "base/check.h"

namespace thaw {
namespace {

// docs/formats/journal.md. Once more, so that a change of the format is seen here, too.
constexpr std::size_t kBodyBytesAt = 32;
constexpr std::size_t kBodyCrcAt = 40;
constexpr std::size_t kPlainBytesAt = 44;
constexpr std::size_t kHeaderCrcAt = 124;
constexpr std::uint32_t kPlainBytesMax = 1U << 20;

JournalOptions options() {
  return {.segment_bytes = 16 * kJournalBlock, .reserve_bytes = kJournalBlock};
}

void put_file(SimDisk& disk, const std::string& name, const std::string& bytes) {
  const auto file = disk.open(name, OpenMode::create);
  CHECK(file && (*file)->write(0, bytes) && (*file)->sync());
}

void mend_frame(std::string& segment, std::size_t at) {
  char* const frame = segment.data() + at;
  // Unpacking takes the room that the header names; more would only cost time.
  const auto plain = load_le<std::uint32_t>(frame + kPlainBytesAt);
  store_le(frame + kPlainBytesAt, plain % kPlainBytesMax);
  const std::uint64_t body = load_le<std::uint32_t>(frame + kBodyBytesAt);
  const std::uint64_t bytes =
      (kFrameHeaderBytes + body + kJournalBlock - 1) / kJournalBlock * kJournalBlock;
  if (at + bytes <= segment.size()) {
    store_le(frame + kBodyCrcAt,
             crc32c(std::string_view(segment).substr(at, bytes).substr(kFrameHeaderBytes)));
  }
  store_le(frame + kHeaderCrcAt, crc32c({frame, kHeaderCrcAt}));
}

}  // namespace

void JournalImage::put_on(SimDisk& disk) const {
  CHECK(disk.make_dir("journal"));
  put_file(disk, "journal/" + segment_name(1), segment);
  if (!mark.empty()) put_file(disk, clean_mark_name("journal"), mark);
  CHECK(disk.sync_dir("journal") && disk.sync_dir(""));
}

void mend_checksums(std::string& segment) {
  segment.resize((segment.size() + kJournalBlock - 1) / kJournalBlock * kJournalBlock);
  if (segment.empty()) return;
  const std::string_view block = std::string_view(segment).substr(0, kJournalBlock - 4);
  store_le(segment.data() + kJournalBlock - 4, crc32c(block));
  // Backwards: the body of one frame may hold what looks like another.
  for (std::size_t at = segment.size() - kJournalBlock; at > 0; at -= kJournalBlock) {
    if (segment.compare(at, 4, "thfr") == 0) mend_frame(segment, at);
  }
}

Found find_records(const JournalImage& image) {
  SimDisk disk(1);
  image.put_on(disk);
  const auto recovered = recover_journal(disk, options());
  if (!recovered) return {{}, fail_with(recovered), {}};
  const auto journal = Journal::open(disk, options());
  CHECK(journal);  // what was found good stays good
  Found found{{}, {}, recovered->cut};
  JournalReader reader = (*journal)->open_reader((*journal)->first_sequence());
  for (;;) {
    const auto record = reader.next();
    if (!record) return {{}, fail_with(record), found.cut};
    if (!*record) return found;
    found.records.emplace_back((*record)->payload);
  }
}

}  // namespace thaw
