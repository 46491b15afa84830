#include "sim/auditor/ambiguity.h"

#include <algorithm>

namespace thaw::audit {
namespace {

/// What a left-over record gets at by alternating paths.
struct Reach {
  std::vector<std::size_t> records;  // that could be left over in its place
  std::vector<std::size_t> loads;
  bool has_free_load = false;
};

std::vector<std::optional<std::size_t>> holders_of(const MayConfirm& may, const Pairing& pairing) {
  std::size_t loads = 0;
  for (const auto& of_record : may) {
    for (const std::size_t load : of_record) loads = std::max(loads, load + 1);
  }
  std::vector<std::optional<std::size_t>> holders(loads);
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    if (pairing[r]) holders[*pairing[r]] = r;
  }
  return holders;
}

Reach reach_of(const MayConfirm& may, const Pairing& pairing, std::size_t from) {
  const auto holders = holders_of(may, pairing);
  std::vector<bool> is_seen(holders.size());
  std::vector<std::size_t> open{from};
  Reach reach;
  while (!open.empty()) {
    const std::size_t record = open.back();
    open.pop_back();
    for (const std::size_t load : may[record]) {
      if (is_seen[load]) continue;
      is_seen[load] = true;
      reach.loads.push_back(load);
      reach.has_free_load |= !holders[load];
      if (!holders[load]) continue;
      reach.records.push_back(*holders[load]);
      open.push_back(*holders[load]);
    }
  }
  return reach;
}

bool counts_nowhere(const Weight& weight) {
  return std::ranges::all_of(weight.effect, [](std::int64_t units) { return units == 0; });
}

void judge_left_over(const MayConfirm& may, const Pairing& pairing, const Weights& weights,
                     std::size_t from, std::vector<bool>& is_ambiguous) {
  const Reach reach = reach_of(may, pairing, from);
  const Weight& own = weights.records[from];
  if (reach.has_free_load && !counts_nowhere(own)) is_ambiguous[from] = true;
  for (const std::size_t other : reach.records) {
    if (weights.records[other].effect == own.effect) continue;
    is_ambiguous[from] = true;
    is_ambiguous[other] = true;
  }
}

// What names a record acts on the payment that it stands for, which may be another one.
bool may_stand_for_other(const MayConfirm& may, const Pairing& pairing, const Weights& weights,
                         std::size_t record) {
  const auto is_paired = [](const auto& load) { return load.has_value(); };
  const auto pairs = static_cast<std::size_t>(std::ranges::count_if(pairing, is_paired));
  const auto own = pairing[record];
  const Weight& payment = own ? weights.loads[*own] : weights.records[record];
  return std::ranges::any_of(may[record], [&](std::size_t load) {
    return load != own && weights.loads[load].effect != payment.effect &&
           most_pairs_without(may, record, load) + 1 >= pairs;
  });
}

}  // namespace

std::vector<bool> find_ambiguous(const MayConfirm& may, const Pairing& pairing,
                                 const Weights& weights) {
  std::vector<bool> is_ambiguous(pairing.size());
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    if (!pairing[r]) judge_left_over(may, pairing, weights, r, is_ambiguous);
    if (weights.records[r].is_named && may_stand_for_other(may, pairing, weights, r))
      is_ambiguous[r] = true;
  }
  return is_ambiguous;
}

}  // namespace thaw::audit
