// What happens to a SimDisk from outside: restarts, crashes, flipped bits.

#include <algorithm>

#include "base/check.h"
#include "sim/disk/sim_disk.h"

namespace thaw {

void SimDisk::restart() {
  ++epoch_;
  ++counters_.restarts;
  failing_call_ = failing_from_ = 0;
}

void SimDisk::crash() {
  ++epoch_;
  ++counters_.crashes;
  std::erase_if(inodes_, [](const std::weak_ptr<SimInode>& inode) { return inode.expired(); });
  for (const std::weak_ptr<SimInode>& weak : inodes_) weak.lock()->crash(random_, counters_);
  for (auto& [name, folder] : folders_) folder.crash(random_, counters_);
  std::erase_if(folders_, [&](const auto& entry) {
    return !durable_folders_.contains(entry.first) && random_.chance(1, 2);
  });
  for (const auto& [name, folder] : folders_) durable_folders_.insert(name);
  failing_call_ = failing_from_ = 0;
  last_call_ = 0;
  full_until_call_ = 0;
  has_power_ = true;
}

bool SimDisk::flip_bit(const std::string& name, std::uint64_t byte, unsigned bit) {
  const std::shared_ptr<SimInode> inode = find(name);
  if (!inode || byte >= inode->live().size()) return false;
  inode->flip_bit(byte, bit % 8);
  ++counters_.bits_flipped;
  return true;
}

std::optional<std::pair<std::string, std::uint64_t>> SimDisk::flip_random_bit() {
  std::vector<std::string> names = all_names();
  std::erase_if(names, [&](const std::string& name) { return bytes_of(name).empty(); });
  if (names.empty()) return std::nullopt;
  const std::string name = random_.pick(names);
  const std::uint64_t byte = random_.below(bytes_of(name).size());
  flip_bit(name, byte, static_cast<unsigned>(random_.below(8)));
  return std::pair(name, byte);
}

bool SimDisk::is_misdirected() const {
  return std::ranges::any_of(all_names(),
                             [&](const std::string& name) { return find(name)->is_misdirected(); });
}

void SimDisk::mend() {
  for (const std::string& name : all_names()) find(name)->mend();
}

SimDisk::Image SimDisk::take_image() const {
  Image image;
  for (const std::string& name : all_names()) image[name] = bytes_of(name);
  return image;
}

SimDisk::Image SimDisk::take_mended_image() const {
  Image image;
  for (const std::string& name : all_names()) image[name] = find(name)->mended();
  return image;
}

void SimDisk::load_image(const Image& image) {
  ++epoch_;
  for (auto& [name, folder] : folders_) folder = SimFolder();
  for (const auto& [name, bytes] : image) {
    const auto inode = std::make_shared<SimInode>();
    inode->write(0, bytes);
    inode->sync();
    inodes_.push_back(inode);
    const std::string folder = disk_folder_of(name);
    durable_folders_.insert(folder);
    folders_[folder].link(folder.empty() ? name : name.substr(folder.size() + 1), inode);
  }
  for (auto& [name, folder] : folders_) folder.sync();
}

std::vector<std::string> SimDisk::all_names() const {
  std::vector<std::string> names;
  for (const auto& [folder, content] : folders_) {
    for (const auto& [name, inode] : content.live()) {
      names.push_back(folder.empty() ? name : folder + "/" + name);
    }
  }
  return names;
}

const std::string& SimDisk::bytes_of(const std::string& name) const {
  const std::shared_ptr<SimInode> inode = find(name);
  CHECK(inode != nullptr);
  return inode->live();
}

}  // namespace thaw
