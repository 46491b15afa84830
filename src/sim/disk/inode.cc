#include "sim/disk/inode.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr std::size_t kSector = 512;

}  // namespace

void SimInode::apply(const Change& change, std::string& image) {
  if (!change.is_resize) {
    if (image.size() < change.offset + change.bytes.size()) {
      image.resize(change.offset + change.bytes.size());
    }
    std::copy(change.bytes.begin(), change.bytes.end(),
              image.begin() + static_cast<std::ptrdiff_t>(change.offset));
    return;
  }
  const std::size_t before = image.size();
  image.resize(change.offset);
  for (std::size_t i = before; i < std::min(image.size(), change.bytes.size()); ++i) {
    image[i] = change.bytes[i];
  }
}

void SimInode::write(std::uint64_t offset, std::string_view bytes) {
  pending_.push_back({false, offset, std::string(bytes)});
  apply(pending_.back(), live_);
  if (mirror_) mirror_->write(offset, bytes);
}

void SimInode::misdirect(std::uint64_t offset, std::uint64_t elsewhere, std::string_view bytes) {
  std::unique_ptr<SimInode> mirror = std::move(mirror_);
  if (!mirror) {
    mirror = std::make_unique<SimInode>();
    mirror->live_ = live_;
    mirror->durable_ = durable_;
    mirror->pending_ = pending_;
    mirror->has_forgotten_ = has_forgotten_;
  }
  mirror->write(offset, bytes);
  write(elsewhere, bytes);
  mirror_ = std::move(mirror);
}

void SimInode::mend() {
  if (!mirror_) return;
  const std::unique_ptr<SimInode> mirror = std::move(mirror_);
  *this = std::move(*mirror);
}

void SimInode::resize(std::uint64_t size, std::string_view filler) {
  pending_.push_back({true, size, std::string(filler)});
  apply(pending_.back(), live_);
  if (mirror_) mirror_->resize(size, filler);
}

void SimInode::sync() {
  for (const Change& change : pending_) apply(change, durable_);
  pending_.clear();
  if (mirror_) mirror_->sync();
}

void SimInode::fail_sync(Random& random, DiskCounters& counters) {
  std::vector<Change> still_pending;
  for (Change& change : pending_) {
    const std::uint64_t fate = random.below(4);
    if (fate == 0) {
      apply(change, durable_);
    } else if (fate == 1) {
      still_pending.push_back(std::move(change));
    } else {
      ++counters.writes_forgotten;
      has_forgotten_ = true;
    }
  }
  pending_ = std::move(still_pending);
  if (mirror_) mirror_->fail_sync(random, counters);
}

void SimInode::apply_torn(const Change& change, Random& random) {
  const std::size_t size = change.bytes.size();
  if (random.chance(1, 2)) {  // a prefix, down to the byte
    apply({false, change.offset, change.bytes.substr(0, random.below(size + 1))}, durable_);
    return;
  }
  // Some of the sectors, or of the pages.
  const std::size_t unit = random.chance(1, 2) ? kSector : 8 * kSector;
  const std::uint64_t kept_of_eight = random.below(9);
  for (std::size_t at = 0; at < size;) {
    const std::size_t rest = unit - (change.offset + at) % unit;
    const std::size_t length = std::min(rest, size - at);
    if (random.chance(kept_of_eight, 8)) {
      apply({false, change.offset + at, change.bytes.substr(at, length)}, durable_);
    }
    at += length;
  }
}

void SimInode::crash(Random& random, DiskCounters& counters) {
  if (mirror_) mirror_->crash(random, counters);
  if (pending_.empty() && !has_forgotten_) return;  // sealed long ago: nothing differs
  has_forgotten_ = false;
  if (random.chance(1, 2)) random.shuffle(pending_);
  const std::uint64_t mood = random.below(4);  // all kept, all dropped, or each by itself
  for (const Change& change : pending_) {
    const std::uint64_t fate = mood == 0 ? 0 : mood == 1 ? 1 : random.below(3);
    if (fate == 0) {
      apply(change, durable_);
      ++counters.writes_kept;
    } else if (fate == 1 || change.is_resize) {
      ++counters.writes_dropped;
    } else {
      apply_torn(change, random);
      ++counters.writes_torn;
    }
  }
  pending_.clear();
  live_ = durable_;
}

void SimInode::flip_bit(std::uint64_t byte, unsigned bit) {
  const char mask = static_cast<char>(1u << bit);
  if (byte < live_.size()) live_[byte] = static_cast<char>(live_[byte] ^ mask);
  if (byte < durable_.size()) durable_[byte] = static_cast<char>(durable_[byte] ^ mask);
}

}  // namespace thaw
