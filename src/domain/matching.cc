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

bool is_free_load(const LineGroup& group) {
  return group.has_webhook && !group.is_confirmed;
}

/// What is said of a load under its own id stays with it, whatever record confirms it: payments
/// count alike only if that is alike, too. So is it with what is taken back, and when, and whether
/// that may yet be paired; and with the correction in force.
class LoadEffects {
 public:
  LoadEffects(Groups groups, const PlacingWindow& window) : groups_(groups), window_(window) {}

  std::size_t of(std::size_t load, std::optional<Minor> amount) {
    const std::size_t effect = effect_of(groups_[load], amount, window_);
    if (effect == 0) return 0;
    if (!is_read_) read_said();
    const auto said = said_.find(load);
    if (said == said_.end()) return effect;
    const std::size_t next = kPlainEffects + numbers_.size();
    return numbers_.try_emplace({effect, said->second}, next).first->second;
  }

 private:
  static constexpr std::size_t kPlainEffects = 3;  // of `effect_of`
  using TakenBack = std::tuple<std::optional<Minor>, Instant, bool>;
  struct Said {
    std::optional<std::size_t> correction;
    std::vector<TakenBack> taken_back;
    auto operator<=>(const Said&) const = default;
  };

  /// Most rounds pair nothing: only the first payment that counts has them read.
  void read_said() {
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const LineGroup& group = groups_[i];
      if (group.correction) said_[i].correction = group.correction;
      if (group.carrier->kind != LineKind::reversal || !group.target) continue;
      const auto amount = group.amount ? group.amount : groups_[*group.target].amount;
      said_[*group.target].taken_back.emplace_back(amount, group.carrier->time.from,
                                                   is_free_load(group));
    }
    for (auto& [payment, said] : said_) std::ranges::sort(said.taken_back);  // total: one value
    is_read_ = true;
  }

  const Groups groups_;
  const PlacingWindow& window_;
  bool is_read_ = false;
  std::map<std::size_t, Said> said_;  // by payment
  std::map<std::pair<std::size_t, Said>, std::size_t> numbers_;
};

/// The effects are functions of a group's index.
template <typename EffectOfLoad, typename EffectOfRecord>
void pair_bucket(Groups groups, const Bucket& bucket, EffectOfLoad effect_of_load,
                 EffectOfRecord effect_of_record) {
  if (bucket.loads.empty() || bucket.records.empty()) return;
  std::vector<PairingLoad> loads;
  for (const std::size_t i : bucket.loads) {
    const Line& line = *groups[i].carrier;
    loads.push_back({line.time.from, line.provider, line.txn_id, effect_of_load(i)});
  }
  std::vector<PairingRecord> records;
  for (const std::size_t i : bucket.records) {
    const Line& line = *groups[i].carrier;
    CHECK(line.file.has_value());
    records.push_back({line.file->stands_at, line.provider, line.txn_id, line.file->confirms_from,
                       line.file->confirms_until, line.file->settles_for, effect_of_record(i),
                       groups[i].is_named});
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

/// A payment is stated first and corrected later, by the sender of its webhook or of its record. So
/// both stand first for what they stated; then records for that, and loads for their new amount;
/// and last what is left over of the records stands for its new amount, too (ADR 0020).
enum class Round { as_stated, load_corrected, record_corrected };

bool takes_part(const LineGroup& group, Round round) {
  if (is_free_load(group)) return round != Round::load_corrected || group.correction;
  return is_free_record(group) && (round != Round::record_corrected || group.correction);
}

std::optional<Minor> amount_in(const LineGroup& group, Round round) {
  const bool is_corrected =
      round == Round::record_corrected || (round == Round::load_corrected && group.has_webhook);
  return is_corrected ? group.amount : group.uncorrected;
}

/// One round of pairing for loads and withdrawals.
void pair_round(Groups groups, const PlacingWindow& window, Round round) {
  using Key = std::tuple<LineKind, std::optional<RailClass>, Currency, std::optional<Minor>>;
  std::map<Key, Bucket> buckets;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const LineGroup& group = groups[i];
    const Line& line = *group.carrier;
    if (line.kind != LineKind::load && line.kind != LineKind::withdrawal) continue;
    if (!takes_part(group, round)) continue;
    std::optional<RailClass> rail_class;
    if (line.kind == LineKind::load && line.rail) rail_class = class_of(*line.rail);
    Bucket& bucket = buckets[{line.kind, rail_class, line.currency, amount_in(group, round)}];
    (group.has_webhook ? bucket.loads : bucket.records).push_back(i);
  }
  LoadEffects load_effects(groups, window);
  for (const auto& [key, bucket] : buckets) {
    // How they count is asked at the amount by which they pair: what a correction adds or takes
    // goes with it.
    const auto amount = std::get<std::optional<Minor>>(key);
    pair_bucket(
        groups, bucket, [&](std::size_t i) { return load_effects.of(i, amount); },
        [&](std::size_t i) { return effect_of(groups[i], amount, window); });
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

/// True if both state an amount, and one of them another one too.
bool is_retold(const LineGroup& record, const LineGroup& load) {
  if (record.lowest == record.highest && load.lowest == load.highest) return false;
  const auto is_stated = [&](std::optional<Minor> amount) {
    return amount == load.lowest || amount == load.highest;
  };
  return is_stated(record.lowest) || is_stated(record.highest);
}

/// A load of whatever amount if it is of class card, not later than the record; of the other class
/// one that would be paired, had not one of the two been told again with another amount.
bool may_repeat(const LineGroup& record, const LineGroup& load) {
  const Line& line = *load.carrier;
  if (line.kind != LineKind::load || !is_free_load(load) || !line.rail) return false;
  const RailClass rail_class = class_of(*record.carrier->rail);
  if (class_of(*line.rail) != rail_class) return false;
  const FileFacts& file = *record.carrier->file;
  if (std::ranges::count(file.settles_for, line.provider) == 0) return false;
  const Instant at = line.time.from;
  if (rail_class == RailClass::card) {
    return at >= file.confirms_from && at < record.carrier->time.until;
  }
  return at >= file.confirms_from && at < file.confirms_until &&
         line.currency == record.carrier->currency && is_retold(record, load);
}

/// A left-over record is held while some load that it may settle is unconfirmed.
void hold_possible_duplicates(Groups groups) {
  for (LineGroup& record : groups) {
    const Line& line = *record.carrier;
    if (line.kind != LineKind::load || !is_free_record(record) || !line.rail) continue;
    record.is_possible_duplicate = std::ranges::any_of(
        groups, [&](const LineGroup& load) { return may_repeat(record, load); });
  }
}

/// Of which payment a correction speaks is open as long as it is open what its record confirms.
void hold_unclear_corrections(Groups groups) {
  for (LineGroup& group : groups) {
    if (group.carrier->kind != LineKind::correction || group.placed != Placed::applied) continue;
    if (groups[*group.target].is_ambiguous) group.placed = Placed::held_ambiguous_match;
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
  for (const auto& [key, bucket] : buckets) {
    const LineGroup& payment = groups[key.first];
    const auto effect = [&](std::size_t) { return effect_of(payment, payment.amount, window); };
    pair_bucket(groups, bucket, effect, effect);
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
    } else if (groups[i].is_ambiguous || groups[*groups[i].target].is_ambiguous) {
      groups[i].placed = Placed::held_ambiguous_match;
    } else {
      take_back(groups[find_root(groups, groups[i])], groups[i]);
    }
  }
}

}  // namespace

void match_groups(std::span<LineGroup> groups, const PlacingWindow& window) {
  pair_round(groups, window, Round::as_stated);
  const auto is_corrected = [](const LineGroup& group) { return group.correction.has_value(); };
  if (std::ranges::any_of(groups, is_corrected)) {
    pair_round(groups, window, Round::load_corrected);
    pair_round(groups, window, Round::record_corrected);
  }
  move_corrections_to_loads(groups);
  hold_possible_duplicates(groups);
  hold_unclear_corrections(groups);
  pair_reversals(groups, window);
  apply_reversals(groups);
}

}  // namespace thaw
