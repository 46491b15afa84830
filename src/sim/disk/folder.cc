#include "sim/disk/folder.h"

namespace thaw {

void SimFolder::apply(const Change& change, Names& names) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.linked.empty()) names[change.linked] = change.inode;
}

void SimFolder::change(Change change) {
  apply(change, live_);
  pending_.push_back(std::move(change));
}

std::shared_ptr<SimInode> SimFolder::find(const std::string& name) const {
  const auto found = live_.find(name);
  return found == live_.end() ? nullptr : found->second;
}

void SimFolder::link(const std::string& name, std::shared_ptr<SimInode> inode) {
  change({"", name, std::move(inode)});
}

void SimFolder::unlink(const std::string& name) {
  change({name, "", nullptr});
}

void SimFolder::rename(const std::string& from, const std::string& to) {
  change({from, to, live_.at(from)});
}

void SimFolder::sync() {
  for (const Change& change : pending_) apply(change, durable_);
  pending_.clear();
}

void SimFolder::fail_sync(Random& random, DiskCounters& counters) {
  std::vector<Change> still_pending;
  for (Change& change : pending_) {
    const std::uint64_t fate = random.below(4);
    if (fate == 0) {
      apply(change, durable_);
    } else if (fate == 1) {
      still_pending.push_back(std::move(change));
    } else {
      ++counters.writes_forgotten;
    }
  }
  pending_ = std::move(still_pending);
}

void SimFolder::crash(Random& random, DiskCounters& counters) {
  const bool is_ordered = random.chance(1, 2);
  if (!is_ordered) random.shuffle(pending_);
  const std::size_t prefix = random.below(pending_.size() + 1);
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (is_ordered ? i < prefix : random.chance(1, 2)) {
      apply(pending_[i], durable_);
      ++counters.names_kept;
    } else {
      ++counters.names_dropped;
    }
  }
  pending_.clear();
  live_ = durable_;
}

}  // namespace thaw
