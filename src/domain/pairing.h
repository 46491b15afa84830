#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/ids.h"

namespace thaw {

/// A webhook line that a settlement record may confirm.
struct PairingLoad {
  Instant at;
  ProviderId provider;
  std::string txn_id;
  std::size_t effect = 0;  // equal numbers: it makes no difference to the enrolment which of the
                           // two is meant; zero: it counts nowhere
};

/// A settlement record without an id match.
struct PairingRecord {
  Instant at;
  ProviderId provider;
  std::string txn_id;
  Instant confirms_from;
  Instant confirms_until;  // half-open range of load times that it may confirm
  std::vector<ProviderId> settles_for;
  std::size_t effect = 0;  // as above, were it a load of its own
  bool is_named = false;  // a reversal or correction names it, so it matters which load it confirms
};

struct Pairing {
  std::vector<std::optional<std::size_t>> load_of;  // parallel to the records
  std::vector<bool> is_ambiguous;  // parallel to the records; these are left unpaired
};

/// Pairs records with loads of one (member, class, currency, amount) as SPEC §2.4 says: both sorted
/// by (time, id), each record in turn confirms the earliest free load within its range. A function
/// of the two sets; the order of the spans does not matter.
///
/// A record is ambiguous if another valid pairing, one that confirms as many loads or more, would
/// give some enrolment another total (docs/adr/0020).
Pairing pair_records(std::span<const PairingLoad> loads, std::span<const PairingRecord> records);

}  // namespace thaw
