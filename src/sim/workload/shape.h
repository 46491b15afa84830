#pragma once

#include <cstdint>

#include "base/random.h"

namespace thaw {

/// How often each thing happens in one world, in parts of a hundred. Drawn anew for every seed, and
/// many are zero in each: faults that drown each other find less (swarm testing).
struct Shape {
  explicit Shape(Random& random);

  std::uint64_t lost_webhook;       // never sent; the settlement file shows the load
  std::uint64_t other_amount;       // the same identity again, with another amount
  std::uint64_t identity_conflict;  // the same identity again, for another member
  std::uint64_t reversal;
  std::uint64_t correction;
  std::uint64_t withdrawal;
  std::uint64_t by_reference;  // a bank's record that states a reference, not the member
  std::uint64_t late_claim;    // of that reference
  std::uint64_t edge;          // at the first or last instant of window or grace
  std::uint64_t grace;         // made after the window
  std::uint64_t date_alone;
  std::uint64_t settlement_alone;  // no time of payment
  std::uint64_t sent_late;         // after the verdict
  std::uint64_t refused;           // future, other rail, no amount
  std::uint64_t other_currency;
  std::uint64_t own_file;  // a card load is settled under its own id
  std::uint64_t overlap;   // a record again in a later file
  std::uint64_t late_file;
  std::uint64_t second_campaign;
  std::uint64_t stranger;  // pays without ever enrolling
  std::uint64_t cancel;    // an enrolment, at any time
  std::uint64_t enrol_again;
  std::uint64_t hold;              // of a member's rewards
  std::uint64_t no_id;             // a bank's record without an id of its own
  std::uint64_t enrol_reference;   // references named with the enrolment, not apart
  std::uint64_t bad_reference;     // that no reference looks like
  std::uint64_t second_processor;  // of card payments: another one reports them
  std::uint64_t passed_on;         // a reference that another member has from some time on
  std::uint64_t gone;              // a record of a cumulative file, from the next of the day
  std::uint64_t one_path;          // a rail that a provider sends by webhook or by file only
};

}  // namespace thaw
