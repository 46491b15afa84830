#include "sim/disk/sim_file.h"

#include <algorithm>

#include "sim/disk/sim_disk.h"

namespace thaw {

SimFile::SimFile(SimDisk& disk, std::shared_ptr<SimInode> inode, std::string name, OpenMode mode)
    : disk_(disk),
      inode_(std::move(inode)),
      name_(std::move(name)),
      is_read_only_(mode == OpenMode::read),
      epoch_(disk.epoch_) {}

Status SimFile::check_alive(bool is_change) const {
  if (epoch_ != disk_.epoch_) return fail(ErrorCode::io, name_ + ": its process is gone");
  if (is_change && is_read_only_) return fail(ErrorCode::io, name_ + " is open for reading");
  return {};
}

Status SimFile::write(std::uint64_t offset, std::string_view bytes) {
  if (const Status alive = check_alive(true); !alive) return alive;
  return disk_.write(*inode_, name_, offset, bytes);
}

Result<std::size_t> SimFile::read(std::uint64_t offset, std::span<char> into) const {
  if (const Status alive = check_alive(false); !alive) return fail_with(alive);
  ++disk_.counters_.reads;
  if (auto error = disk_.begin(disk_.faults_.failed_read, disk_.counters_.failed_reads, "read")) {
    return std::unexpected(*error);
  }
  const std::string& bytes = inode_->live();
  if (offset >= bytes.size()) return 0;
  const std::size_t length = std::min<std::size_t>(into.size(), bytes.size() - offset);
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), length, into.begin());
  return length;
}

Status SimFile::preallocate(std::uint64_t size) {
  if (const Status alive = check_alive(true); !alive) return alive;
  if (auto error =
          disk_.begin(disk_.faults_.failed_other, disk_.counters_.failed_others, "preallocate")) {
    return std::unexpected(*error);
  }
  const std::uint64_t before = inode_->live().size();
  if (size <= before) return {};
  if (!disk_.is_room_for(size - before)) return disk_.fail_full(name_);
  inode_->resize(size, disk_.faults_.stale_room ? disk_.stale_bytes_ : std::string_view());
  return {};
}

Status SimFile::truncate(std::uint64_t size) {
  if (const Status alive = check_alive(true); !alive) return alive;
  if (auto error =
          disk_.begin(disk_.faults_.failed_other, disk_.counters_.failed_others, "truncate")) {
    return std::unexpected(*error);
  }
  const std::uint64_t before = inode_->live().size();
  if (size > before && !disk_.is_room_for(size - before)) return disk_.fail_full(name_);
  inode_->resize(size);
  return {};
}

Status SimFile::sync() {
  if (const Status alive = check_alive(true); !alive) return alive;
  ++disk_.counters_.syncs;
  if (auto error = disk_.begin(disk_.faults_.failed_sync, disk_.counters_.failed_syncs, "sync")) {
    if (disk_.has_power_) inode_->fail_sync(disk_.random_, disk_.counters_);
    return std::unexpected(*error);
  }
  inode_->sync();
  return {};
}

Result<std::uint64_t> SimFile::size() const {
  if (const Status alive = check_alive(false); !alive) return fail_with(alive);
  return inode_->live().size();
}

}  // namespace thaw
