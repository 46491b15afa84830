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

// A reversal that names a record moves with the pairing. Where all within reach counts alike and
// nothing else is named, that moves no total; what else may happen nobody has settled.
bool is_plain_reach(const Reach& reach, const Weights& weights, std::size_t from) {
  const Weight& own = weights.records[from];
  const auto is_alike = [&own](const Weight& other) {
    return other.effect == own.effect && !other.is_named;
  };
  const auto record = [&weights](std::size_t r) { return weights.records[r]; };
  const auto load = [&weights](std::size_t l) { return weights.loads[l]; };
  return !reach.has_free_load && std::ranges::all_of(reach.records, is_alike, record) &&
         std::ranges::all_of(reach.loads, is_alike, load);
}

void judge_left_over(const MayConfirm& may, const Pairing& pairing, const Weights& weights,
                     std::size_t from, Ambiguity& result) {
  const Reach reach = reach_of(may, pairing, from);
  const Weight& own = weights.records[from];
  if (own.is_named && !reach.loads.empty() && !is_plain_reach(reach, weights, from))
    result.open.insert("does what names a left-over record make it ambiguous?");
  if (reach.has_free_load && !counts_nowhere(own)) result.is_ambiguous[from] = true;
  for (const std::size_t other : reach.records) {
    if (weights.records[other].effect == own.effect) continue;
    result.is_ambiguous[from] = true;
    result.is_ambiguous[other] = true;
  }
}

// A paired record that is named: whatever names it would act on another load.
void judge_named(const MayConfirm& may, const Pairing& pairing, const Weights& weights,
                 std::size_t record, Ambiguity& result) {
  const auto is_paired = [](const auto& load) { return load.has_value(); };
  const auto pairs = static_cast<std::size_t>(std::ranges::count_if(pairing, is_paired));
  const Weight& own = weights.loads[*pairing[record]];
  for (const std::size_t load : may[record]) {
    if (load == *pairing[record]) continue;
    const bool is_possible = most_pairs_without(may, record, load) + 1 >= pairs;
    const bool is_other = weights.loads[load].effect != own.effect;
    if (is_possible && is_other) result.is_ambiguous[record] = true;
    if (!is_possible && is_other)
      result.open.insert(
          "is a named record ambiguous that could pair otherwise in a smaller pairing?");
    if (is_possible && (own.is_named || weights.loads[load].is_named))
      result.open.insert("does what names a load make the named record ambiguous?");
  }
}

}  // namespace

Ambiguity find_ambiguous(const MayConfirm& may, const Pairing& pairing, const Weights& weights) {
  Ambiguity result{std::vector<bool>(pairing.size())};
  for (std::size_t r = 0; r < pairing.size(); ++r) {
    if (!pairing[r]) judge_left_over(may, pairing, weights, r, result);
    if (pairing[r] && weights.records[r].is_named) judge_named(may, pairing, weights, r, result);
  }
  return result;
}

}  // namespace thaw::audit
