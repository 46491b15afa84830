#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "application/journal/hash.h"

namespace thaw {

/// An end of the journal: what is exported, compared and signed.
struct JournalHead {
  std::uint64_t sequence = 0;  // of the last record; zero: none
  std::uint64_t position = 0;  // bytes of all frames up to there
  JournalHash chain{};         // of the last frame; stands for all before it

  friend bool operator==(const JournalHead&, const JournalHead&) = default;
};

struct GroupReceipt {
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  JournalHead head;  // the journal's end once this group is durable
};

struct JournalRecord {
  std::uint64_t sequence = 0;
  std::string_view payload;
};

struct JournalOptions {
  std::string folder = "journal";              // under the disk's root
  std::uint64_t segment_bytes = 64ULL << 20;   // preallocated; larger only for a larger group
  std::uint64_t reserve_bytes = 160ULL << 20;  // room for a tail rewritten and a new segment
  /// What the caller knows to be durable: position of the index, checkpoint. A journal that ends
  /// before it is refused.
  std::uint64_t floor_sequence = 0;
  /// Records before it may have been archived away.
  std::uint64_t needed_from_sequence = 1;
};

}  // namespace thaw
