#include "application/journal/catalog.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr std::uint64_t kNoteEveryBytes = 256ULL << 10;

}  // namespace

void Catalog::add(SegmentInfo segment) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t first = segment.header.first_sequence;
  if (!entries_.empty() && entries_.back().segment.header.first_sequence == first) {
    entries_.pop_back();
  }
  entries_.push_back({std::move(segment), {}});
}

void Catalog::seal_last(const JournalHead& end) {
  const std::scoped_lock lock(mutex_);
  if (entries_.empty()) return;
  entries_.back().segment.is_sealed = true;
  entries_.back().segment.end = end;
}

const Catalog::Entry* Catalog::find_entry(std::uint64_t sequence) const {
  const auto after = std::upper_bound(entries_.begin(), entries_.end(), sequence,
                                      [](std::uint64_t wanted, const Entry& entry) {
                                        return wanted < entry.segment.header.first_sequence;
                                      });
  return after == entries_.begin() ? nullptr : &*std::prev(after);
}

void Catalog::note(std::uint64_t sequence, std::uint64_t offset) {
  const std::scoped_lock lock(mutex_);
  auto* entry = const_cast<Entry*>(find_entry(sequence));
  if (entry == nullptr) return;
  auto& frames = entry->frames;
  const auto after = std::lower_bound(frames.begin(), frames.end(), std::pair(sequence, offset));
  const std::uint64_t before = after == frames.begin() ? kJournalBlock : std::prev(after)->second;
  if (offset < before + kNoteEveryBytes) return;
  if (after != frames.end() && after->second < offset + kNoteEveryBytes) return;
  frames.insert(after, {sequence, offset});
}

std::optional<Catalog::Place> Catalog::find(std::uint64_t sequence) const {
  const std::scoped_lock lock(mutex_);
  const Entry* entry = find_entry(sequence);
  if (entry == nullptr) return std::nullopt;
  const SegmentHeader& header = entry->segment.header;
  Place place{entry->segment.name, header, kJournalBlock, header.first_sequence};
  const auto after = std::upper_bound(
      entry->frames.begin(), entry->frames.end(), sequence,
      [](std::uint64_t wanted, const auto& frame) { return wanted < frame.first; });
  if (after != entry->frames.begin()) {
    place.sequence = std::prev(after)->first;
    place.offset = std::prev(after)->second;
  }
  return place;
}

std::uint64_t Catalog::first_sequence() const {
  const std::scoped_lock lock(mutex_);
  return entries_.empty() ? 1 : entries_.front().segment.header.first_sequence;
}

std::vector<SegmentInfo> Catalog::segments() const {
  const std::scoped_lock lock(mutex_);
  std::vector<SegmentInfo> segments;
  for (const Entry& entry : entries_) segments.push_back(entry.segment);
  return segments;
}

}  // namespace thaw
