#pragma once

#include <cstdint>
#include <vector>

#include "sim/auditor/pairing.h"

namespace thaw::audit {

/// What is known of one item of a side, for the question whether a swap would matter.
struct Weight {
  std::vector<std::int64_t> effect;  // what it counts for in each enrolment; equal: alike
  bool is_named = false;             // by a reversal or correction, which moves with the pairing
};

/// Weights parallel to the sides.
struct Weights {
  std::vector<Weight> records;
  std::vector<Weight> loads;
};

/// SPEC §2.4, docs/adr/0020: a record is ambiguous if another valid pairing, one swap away, would
/// give some enrolment another total. Valid is what confirms as many loads as the greedy one.
/// Parallel to the records.
std::vector<bool> find_ambiguous(const MayConfirm& may, const Pairing& pairing,
                                 const Weights& weights);

}  // namespace thaw::audit
