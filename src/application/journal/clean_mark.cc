#include "application/journal/clean_mark.h"

#include <cstring>

#include "application/journal/bytes.h"
#include "application/journal/crc32c.h"
#include "application/journal/frame.h"
#include "application/journal/frame_loader.h"

namespace thaw {
namespace {

constexpr std::string_view kMagic("thawend\n", 8);
constexpr std::size_t kFormatAt = 8;
constexpr std::size_t kIncarnationAt = 16;
constexpr std::size_t kSequenceAt = 24;
constexpr std::size_t kPositionAt = 32;
constexpr std::size_t kChainAt = 40;
constexpr std::size_t kCrcAt = 72;
constexpr std::size_t kBytes = 76;

std::string store(const CleanMark& mark) {
  std::string bytes(kBytes, '\0');
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  store_le(bytes.data() + kFormatAt, std::uint32_t{kJournalFormat});
  store_le(bytes.data() + kIncarnationAt, mark.incarnation);
  store_le(bytes.data() + kSequenceAt, mark.head.sequence);
  store_le(bytes.data() + kPositionAt, mark.head.position);
  std::memcpy(bytes.data() + kChainAt, mark.head.chain.data(), mark.head.chain.size());
  store_le(bytes.data() + kCrcAt, crc32c({bytes.data(), kCrcAt}));
  return bytes;
}

}  // namespace

std::string clean_mark_name(const std::string& folder) {
  return folder + ".clean";
}

Result<std::optional<CleanMark>> load_clean_mark(Disk& disk, const std::string& folder) {
  const std::string name = clean_mark_name(folder);
  Result<FrameLoader> loader = FrameLoader::open(disk, name);
  if (!loader && loader.error().code == ErrorCode::not_found) return std::nullopt;
  if (!loader) return fail_with(loader);
  const Result<std::string_view> bytes = loader->load_bytes(0, kBytes);
  if (!bytes) return fail_with(bytes);
  if (bytes->size() < kBytes || loader->file_bytes() != kBytes || !bytes->starts_with(kMagic) ||
      load_le<std::uint32_t>(bytes->data() + kCrcAt) != crc32c(bytes->substr(0, kCrcAt))) {
    return fail_corrupt(name, 0, "this is no mark of a journal closed in order");
  }
  if (load_le<std::uint32_t>(bytes->data() + kFormatAt) != kJournalFormat) {
    return fail(ErrorCode::unsupported, name + " is of a newer format");
  }
  CleanMark mark{load_le<std::uint64_t>(bytes->data() + kIncarnationAt),
                 {load_le<std::uint64_t>(bytes->data() + kSequenceAt),
                  load_le<std::uint64_t>(bytes->data() + kPositionAt),
                  {}}};
  std::memcpy(mark.head.chain.data(), bytes->data() + kChainAt, mark.head.chain.size());
  return mark;
}

Status store_clean_mark(Disk& disk, const std::string& folder, const CleanMark& mark) {
  const std::string name = clean_mark_name(folder);
  const std::string passing = name + ".tmp";
  if (const Status removed = disk.remove(passing);
      !removed && removed.error().code != ErrorCode::not_found) {
    return removed;
  }
  const auto file = disk.open(passing, OpenMode::create);
  if (!file) return fail_with(file);
  if (const Status written = (*file)->write(0, store(mark)); !written) return written;
  if (const Status synced = (*file)->sync(); !synced) return synced;
  if (const Status renamed = disk.rename(passing, name); !renamed) return renamed;
  return disk.sync_dir("");
}

}  // namespace thaw
