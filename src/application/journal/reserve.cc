#include "application/journal/reserve.h"

namespace thaw {

std::string reserve_name(const JournalOptions& options) {
  return options.folder + ".reserve";
}

Status make_reserve(Disk& disk, const JournalOptions& options) {
  const std::string name = reserve_name(options);
  auto file = disk.open(name, OpenMode::write);
  if (!file && file.error().code == ErrorCode::not_found) {
    file = disk.open(name, OpenMode::create);
  }
  if (!file) return fail_with(file);
  if (const Status taken = (*file)->preallocate(options.reserve_bytes); !taken) {
    if (taken.error().code == ErrorCode::no_space) (void)disk.remove(name);
    return taken;
  }
  if (const Status synced = (*file)->sync(); !synced) return synced;
  return disk.sync_dir("");
}

Status release_reserve(Disk& disk, const JournalOptions& options) {
  const Status removed = disk.remove(reserve_name(options));
  if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  return disk.sync_dir("");
}

}  // namespace thaw
