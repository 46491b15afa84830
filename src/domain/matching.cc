#include "domain/matching.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/check.h"
#include "domain/pairing.h"
#include "domain/window_rules.h"

namespace thaw {
namespace {

using Groups = std::span<LineGroup>;
/// The ways in which a payment may count in an enrolment; equal ones can be swapped. Zero: nowhere.
std::size_t effect_of(const LineGroup& group, std::optional<Minor> amount,
                      const PlacingWindow& window) {
  const Line& line = *group.carrier;
  if (line.kind == LineKind::reversal) return 0;
  const bool is_excluded = find_exclusion(line, amount, window).has_value();
  if (line.kind == LineKind::load) {
    if (is_excluded) return is_made_in_grace(line, window) ? 2 : 0;
    return is_timing_uncertain(line, window) ? 0 : 1;  // held: in no total
  }
  const WithdrawalPart part = part_of_withdrawal(line, window);
  if (is_excluded || part == WithdrawalPart::uncertain) return 0;
  return part == WithdrawalPart::grace ? 2 : 1;
}

/// Lines of one amount that could be the same payment: webhook lines and records apart.
struct Bucket {
  std::vector<std::size_t> loads;
  std::vector<std::size_t> records;
};

void confirm(Groups groups, std::size_t record, std::size_t load) {
  groups[record].confirms = load;
  groups[load].is_confirmed = true;
}

/// What is taken back from a payment under its own id stays with it, whatever record confirms it:
/// payments count alike only if that is alike, too.
class LoadEffects {
 public:
  LoadEffects(Groups groups, const PlacingWindow& window) : groups_(groups), window_(window) {}

  std::size_t of(std::size_t load, std::optional<Minor> amount) {
    const std::size_t effect = effect_of(groups_[load], amount, window_);
    if (effect == 0) return 0;
    if (!is_read_) read_taken_back();
    const auto taken_back = taken_back_.find(load);
    if (taken_back == taken_back_.end()) return effect;
    const std::size_t next = kPlainEffects + numbers_.size();
    return numbers_.try_emplace({effect, taken_back->second}, next).first->second;
  }

 private:
  static constexpr std::size_t kPlainEffects = 3;  // of `effect_of`
  using Amounts = std::vector<std::optional<Minor>>;

  /// Most rounds pair nothing: only the first payment that counts has them read.
  void read_taken_back() {
    for (const LineGroup& group : groups_) {
      if (group.carrier->kind != LineKind::reversal || !group.target) continue;
      const auto all = groups_[*group.target].amount;
      taken_back_[*group.target].push_back(group.amount ? group.amount : all);
    }
    for (auto& [payment, amounts] : taken_back_) std::ranges::sort(amounts);  // total: one value
    is_read_ = true;
  }

  const Groups groups_;
  const PlacingWindow& window_;
  bool is_read_ = false;
  std::map<std::size_t, Amounts> taken_back_;
  std::map<std::pair<std::size_t, Amounts>, std::size_t> numbers_;
};

/// How they count is asked at the amount by which they pair: what a correction adds or takes goes
/// with its record.
void pair_bucket(Groups groups, const Bucket& bucket, std::optional<Minor> amount,
                 const PlacingWindow& window, LoadEffects& load_effects) {
  if (bucket.loads.empty() || bucket.records.empty()) return;
  std::vector<PairingLoad> loads;
  for (const std::size_t i : bucket.loads) {
    const Line& line = *groups[i].carrier;
    loads.push_back({line.time.from, line.provider, line.txn_id, load_effects.of(i, amount)});
  }
  std::vector<PairingRecord> records;
  for (const std::size_t i : bucket.records) {
    const Line& line = *groups[i].carrier;
    CHECK(line.file.has_value());
    records.push_back({line.file->stands_at, line.provider, line.txn_id, line.file->confirms_from,
                       line.file->confirms_until, line.file->settles_for,
                       effect_of(groups[i], amount, window), groups[i].is_named});
  }
  const Pairing pairing = pair_records(loads, records);
  for (std::size_t r = 0; r < records.size(); ++r) {
    groups[bucket.records[r]].is_ambiguous = pairing.is_ambiguous[r];
    if (pairing.load_of[r]) confirm(groups, bucket.records[r], bucket.loads[*pairing.load_of[r]]);
  }
}

bool is_free_record(const LineGroup& group) {
  return group.is_record() && !group.confirms && !group.is_ambiguous;
}

bool is_free_load(const LineGroup& group) {
  return group.has_webhook && !group.is_confirmed;
}

enum class Round { as_stated, as_corrected };

/// One round of pairing for loads and withdrawals. A record stands first for what it stated, which
/// is what the webhook of the same payment said; only one that is left over stands for its new
/// amount (ADR 0020).
void pair_round(Groups groups, const PlacingWindow& window, Round round) {
  using Key = std::tuple<LineKind, std::optional<RailClass>, Currency, std::optional<Minor>>;
  std::map<Key, Bucket> buckets;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const LineGroup& group = groups[i];
    const Line& line = *group.carrier;
    if (line.kind != LineKind::load && line.kind != LineKind::withdrawal) continue;
    std::optional<RailClass> rail_class;
    if (line.kind == LineKind::load && line.rail) rail_class = class_of(*line.rail);
    if (is_free_load(group)) {
      buckets[{line.kind, rail_class, line.currency, group.amount}].loads.push_back(i);
    } else if (is_free_record(group) && (round == Round::as_stated || group.correction)) {
      const auto amount = round == Round::as_stated ? group.uncorrected : group.amount;
      buckets[{line.kind, rail_class, line.currency, amount}].records.push_back(i);
    }
  }
  LoadEffects load_effects(groups, window);
  for (const auto& [key, bucket] : buckets) {
    pair_bucket(groups, bucket, std::get<std::optional<Minor>>(key), window, load_effects);
  }
}

/// A correction that names a confirming record acts on the load which that confirms.
void move_corrections_to_loads(Groups groups) {
  for (LineGroup& record : groups) {
    if (!record.confirms || !record.correction) continue;
    LineGroup& load = groups[*record.confirms];
    LineGroup& moved = groups[*record.correction];
    if (load.correction) {
      LineGroup& standing = groups[*load.correction];
      const bool replaces = stands_over(*moved.carrier, *standing.carrier);
      (replaces ? standing : moved).placed = Placed::duplicate;
      if (!replaces) continue;
    }
    load.correction = record.correction;
    load.amount = moved.uncorrected;
  }
}

bool may_repeat(const LineGroup& record, const LineGroup& load) {
  const Line& line = *load.carrier;
  if (line.kind != LineKind::load || !is_free_load(load) || !line.rail) return false;
  if (class_of(*line.rail) != RailClass::card) return false;
  const FileFacts& file = *record.carrier->file;
  return line.time.from >= file.confirms_from && line.time.from < record.carrier->time.until &&
         std::find(file.settles_for.begin(), file.settles_for.end(), line.provider) !=
             file.settles_for.end();
}

/// A left-over card record is held while some card load that it may settle is unconfirmed.
void hold_possible_duplicates(Groups groups) {
  for (LineGroup& record : groups) {
    const Line& line = *record.carrier;
    if (line.kind != LineKind::load || !is_free_record(record) || !line.rail) continue;
    if (class_of(*line.rail) != RailClass::card) continue;
    record.is_possible_duplicate =
        std::any_of(groups.begin(), groups.end(),
                    [&](const LineGroup& load) { return may_repeat(record, load); });
  }
}

/// The payment that a reversal acts on: through a confirming record to the load.
std::size_t find_root(Groups groups, const LineGroup& reversal) {
  const LineGroup& target = groups[*reversal.target];
  return target.confirms.value_or(*reversal.target);
}

bool is_reversal_with_target(const LineGroup& group) {
  return group.carrier->kind == LineKind::reversal && group.target.has_value();
}

/// Reversals of one payment that come by webhook and by file under different ids are one.
void pair_reversals(Groups groups, const PlacingWindow& window) {
  std::map<std::pair<std::size_t, std::optional<Minor>>, Bucket> buckets;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!is_reversal_with_target(groups[i])) continue;
    const std::size_t root = find_root(groups, groups[i]);
    const auto amount = groups[i].amount ? groups[i].amount : groups[root].amount;
    Bucket& bucket = buckets[{root, amount}];
    if (is_free_load(groups[i])) bucket.loads.push_back(i);
    if (groups[i].is_record()) bucket.records.push_back(i);
  }
  LoadEffects load_effects(groups, window);
  for (const auto& [key, bucket] : buckets) {
    pair_bucket(groups, bucket, key.second, window, load_effects);
  }
}

void take_back(LineGroup& payment, LineGroup& reversal) {
  const Minor left = payment.net();
  const bool whole = !reversal.amount || reversal.amount == payment.amount;
  const Minor wanted = reversal.amount.value_or(left);
  if (left.is_zero()) {
    reversal.placed = whole ? Placed::duplicate : Placed::held_over_reversal;
    return;
  }
  reversal.reversed = std::min(wanted, left);
  payment.reversed += reversal.reversed;
  reversal.placed = wanted > left ? Placed::held_over_reversal : Placed::applied;
}

void apply_reversals(Groups groups) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (is_reversal_with_target(groups[i])) order.push_back(i);
  }
  // total: identity (provider, id) is unique among reversals.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) {
      const Line& line = *groups[i].carrier;
      return std::tie(line.time.from, line.provider, line.txn_id);
    };
    return key(a) < key(b);
  });
  for (const std::size_t i : order) {
    if (groups[i].confirms) {
      groups[i].placed = Placed::confirmed;
    } else if (groups[*groups[i].target].is_ambiguous) {
      groups[i].placed = Placed::held_ambiguous_match;
    } else {
      take_back(groups[find_root(groups, groups[i])], groups[i]);
    }
  }
}

}  // namespace

void match_groups(std::span<LineGroup> groups, const PlacingWindow& window) {
  pair_round(groups, window, Round::as_stated);
  pair_round(groups, window, Round::as_corrected);
  move_corrections_to_loads(groups);
  hold_possible_duplicates(groups);
  pair_reversals(groups, window);
  apply_reversals(groups);
}

}  // namespace thaw
