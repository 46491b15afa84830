#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "domain/commands.h"

namespace thaw {

/// One payment that really happened: the ground truth that the auditor counts.
struct TruePayment {
  std::string id;
  Rail rail = Rail::debit_card;
  std::int64_t minor = 0;
  std::int64_t reversed_minor = 0;
  Instant at;
};

/// A message that will reach thaw, perhaps more than once and in any order.
struct Message {
  Instant at;
  std::uint64_t order = 0;  // ties
  Command command;
  friend bool operator<(const Message& a, const Message& b) {
    return a.at != b.at ? a.at < b.at : a.order < b.order;
  }
};

struct TrueMember {
  MemberId id;
  Instant enrols_at;
  std::vector<TruePayment> payments;

  /// What must have counted: payments inside [enrols_at, enrols_at + 30 days), less reversals.
  std::int64_t true_total() const;
};

inline constexpr Instant kSimStart{1'761'955'200'000};  // 2025-11-01T00:00:00Z
inline constexpr std::int64_t kSimThreshold = 50'000;

/// Draws members, their payments, and every message about them: webhooks that are lost, doubled or
/// late, settlement records under other ids, overlapping bank files, reversals before their loads
/// and under other members. All that a verdict needs arrives before its decision, so that the
/// ground truth is what must count.
struct Population {
  std::vector<TrueMember> members;
  std::vector<Message> messages;  // sorted

  static Population draw(Random& random, std::size_t members);
};

}  // namespace thaw
