#include "sim/disk/sim_disk.h"

#include <algorithm>

#include "base/check.h"
#include "sim/disk/sim_file.h"

namespace thaw {
namespace {

std::string file_part(const std::string& name) {
  const std::size_t slash = name.find('/');
  return slash == name.npos ? name : name.substr(slash + 1);
}

std::unexpected<Error> fail_name(ErrorCode code, const std::string& name) {
  return fail(code, name + ": " + std::string(to_string(code)));
}

}  // namespace

std::optional<Error> SimDisk::begin(std::uint32_t chance, std::uint64_t& failures,
                                    const char* what) {
  ++counters_.calls;
  if (last_call_ != 0 && counters_.calls >= last_call_) has_power_ = false;
  if (!has_power_) return Error{ErrorCode::io, std::string(what) + ": no power"};
  const bool is_drawn = chance > 0 && random_.chance(chance, 10'000);
  const bool is_named =
      counters_.calls == failing_call_ || (failing_from_ != 0 && counters_.calls >= failing_from_);
  if (!is_drawn && !is_named) return std::nullopt;
  ++failures;
  return Error{ErrorCode::io, std::string(what) + ": a simulated fault"};
}

bool SimDisk::is_room_for(std::uint64_t more_bytes) {
  if (counters_.calls < full_until_call_) return false;
  if (faults_.full > 0 && random_.chance(faults_.full, 10'000)) {
    full_until_call_ = counters_.calls + faults_.full_calls;
    return false;
  }
  if (capacity_ == UINT64_MAX) return true;
  const Result<std::uint64_t> left = free_bytes();
  return left && *left >= more_bytes;
}

std::unexpected<Error> SimDisk::fail_full(const std::string& name) {
  ++counters_.no_space;
  return fail(ErrorCode::no_space, name + ": the simulated disk is full", true);
}

SimFolder* SimDisk::find_folder_of(const std::string& name) {
  const auto found = folders_.find(disk_folder_of(name));
  return found == folders_.end() ? nullptr : &found->second;
}

std::shared_ptr<SimInode> SimDisk::find(const std::string& name) const {
  const auto found = folders_.find(disk_folder_of(name));
  return found == folders_.end() ? nullptr : found->second.find(file_part(name));
}

void SimDisk::bury(const std::shared_ptr<SimInode>& inode) {
  if (faults_.stale_room && inode) stale_bytes_ = inode->live();
}

Result<std::unique_ptr<DiskFile>> SimDisk::open(const std::string& name, OpenMode mode) {
  if (!is_disk_name(name)) return fail_name(ErrorCode::invalid, name);
  if (auto error = begin(faults_.failed_other, counters_.failed_others, "open")) {
    return std::unexpected(*error);
  }
  SimFolder* folder = find_folder_of(name);
  if (folder == nullptr) return fail_name(ErrorCode::not_found, name);
  std::shared_ptr<SimInode> inode = folder->find(file_part(name));
  if (mode == OpenMode::create) {
    if (inode) return fail_name(ErrorCode::conflict, name);
    if (!is_room_for(0)) return fail_full(name);
    inode = std::make_shared<SimInode>();
    inodes_.push_back(inode);
    folder->link(file_part(name), inode);
  }
  if (!inode) return fail_name(ErrorCode::not_found, name);
  return std::make_unique<SimFile>(*this, std::move(inode), name, mode);
}

Status SimDisk::write(SimInode& inode, const std::string& name, std::uint64_t offset,
                      std::string_view bytes) {
  ++counters_.writes;
  const bool had_power = has_power_;
  if (auto error = begin(faults_.failed_write, counters_.failed_writes, "write")) {
    if (had_power) inode.write(offset, bytes.substr(0, random_.below(bytes.size() + 1)));
    return std::unexpected(*error);
  }
  const std::uint64_t end = offset + bytes.size();
  const std::uint64_t before = inode.live().size();
  if (end > before && !is_room_for(end - before)) return fail_full(name);
  if (faults_.misdirected_write > 0 && random_.chance(faults_.misdirected_write, 10'000)) {
    ++counters_.misdirected_writes;
    counters_.bytes_written += bytes.size();
    const std::uint64_t away = 4096 * (1 + random_.below(4));
    const bool is_before = random_.chance(1, 2) && offset >= away;
    inode.misdirect(offset, is_before ? offset - away : offset + away, bytes);
    return {};
  }
  counters_.bytes_written += bytes.size();
  inode.write(offset, bytes);
  return {};
}

Status SimDisk::rename(const std::string& from, const std::string& to) {
  if (!is_disk_name(from)) return fail_name(ErrorCode::invalid, from);
  if (!is_disk_name(to)) return fail_name(ErrorCode::invalid, to);
  if (auto error = begin(faults_.failed_other, counters_.failed_others, "rename")) {
    return std::unexpected(*error);
  }
  SimFolder* source = find_folder_of(from);
  SimFolder* target = find_folder_of(to);
  const std::shared_ptr<SimInode> inode = find(from);
  if (!inode || target == nullptr) return fail_name(ErrorCode::not_found, from);
  if (from == to) return {};
  bury(find(to));
  if (source == target) {
    source->rename(file_part(from), file_part(to));
  } else {
    target->link(file_part(to), inode);
    source->unlink(file_part(from));
  }
  return {};
}

Status SimDisk::remove(const std::string& name) {
  if (!is_disk_name(name)) return fail_name(ErrorCode::invalid, name);
  if (auto error = begin(faults_.failed_other, counters_.failed_others, "remove")) {
    return std::unexpected(*error);
  }
  if (!find(name)) return fail_name(ErrorCode::not_found, name);
  bury(find(name));
  find_folder_of(name)->unlink(file_part(name));
  return {};
}

Result<std::vector<std::string>> SimDisk::list(const std::string& folder) {
  if (!is_disk_folder(folder)) return fail_name(ErrorCode::invalid, folder);
  if (auto error = begin(faults_.failed_other, counters_.failed_others, "list")) {
    return std::unexpected(*error);
  }
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return fail_name(ErrorCode::not_found, folder);
  std::vector<std::string> names;
  for (const auto& [name, inode] : found->second.live()) names.push_back(name);
  return names;
}

Status SimDisk::make_dir(const std::string& folder) {
  if (folder.empty() || !is_disk_folder(folder)) return fail_name(ErrorCode::invalid, folder);
  if (auto error = begin(faults_.failed_other, counters_.failed_others, "make_dir")) {
    return std::unexpected(*error);
  }
  if (!folders_.contains(folder) && !is_room_for(0)) return fail_full(folder);
  folders_[folder];
  return {};
}

Status SimDisk::sync_dir(const std::string& folder) {
  if (!is_disk_folder(folder)) return fail_name(ErrorCode::invalid, folder);
  ++counters_.folder_syncs;
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return fail_name(ErrorCode::not_found, folder);
  if (auto error = begin(faults_.failed_sync_dir, counters_.failed_syncs, "sync_dir")) {
    if (has_power_) found->second.fail_sync(random_, counters_);
    return std::unexpected(*error);
  }
  found->second.sync();
  if (folder.empty()) {
    for (const auto& [name, content] : folders_) durable_folders_.insert(name);
  }
  return {};
}

Result<std::uint64_t> SimDisk::free_bytes() {
  std::uint64_t used = 0;
  for (const std::string& name : all_names()) used += bytes_of(name).size();
  return capacity_ > used ? capacity_ - used : 0;
}

}  // namespace thaw
