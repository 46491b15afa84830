#include "domain/placing.h"

#include <algorithm>

#include "domain/line_group.h"
#include "domain/matching.h"
#include "domain/window_rules.h"

namespace thaw {
namespace {

Minor not_negative(Minor amount) {
  return std::max(amount, Minor{});
}

/// Sums of one enrolment that become its Totals.
struct Sums {
  Totals totals;
  Minor withdrawn_window;
  Minor withdrawn_grace;
  Minor loaded_grace;
};

/// Places the groups for one enrolment and adds them up.
class WindowPlacer {
 public:
  WindowPlacer(std::span<const Line> lines, std::span<const LineGroup> groups,
               const PlacingWindow& window)
      : lines_(lines), groups_(groups), window_(window), placings_(lines.size()) {}

  void place() {
    for (const LineGroup& group : groups_) {
      const WindowPlacing carrier = place_carrier(group);
      placings_[group.lines.front()] = carrier;
      for (std::size_t i = 1; i < group.lines.size(); ++i) {
        placings_[group.lines[i]].placed =
            place_beside(group, lines_[group.lines[i]], carrier.placed, *window_.rules);
      }
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].identity_conflict) placings_[i].placed = place_conflict(lines_[i]);
    }
  }

  Totals totals() const {
    Totals totals = sums_.totals;
    totals.withdrawn =
        sums_.withdrawn_window + not_negative(sums_.withdrawn_grace - sums_.loaded_grace);
    totals.could_return = std::min(totals.could_return, totals.withdrawn);
    totals.could_take = std::min(totals.could_take, totals.cumulative());
    return totals;
  }

  const WindowPlacing& line(std::size_t index) const { return placings_[index]; }

 private:
  WindowPlacing place_carrier(const LineGroup& group) {
    switch (group.carrier->kind) {
      case LineKind::load: return place_load(group);
      case LineKind::withdrawal: return place_withdrawal(group);
      case LineKind::reversal:
      case LineKind::correction: return place_reversal(group);
    }
    return {};
  }

  WindowPlacing place_load(const LineGroup& group) {
    if (group.confirms) return {Placed::confirmed, {}};
    const Line& line = *group.carrier;
    const bool unsure = group.is_ambiguous || group.is_possible_duplicate;
    if (!unsure && is_made_in_grace(line, window_)) sums_.loaded_grace += group.net();
    if (const auto excluded = find_exclusion(line, group.amount, window_)) {
      if (*excluded == Placed::excluded_below_minimum) add_mismatch(group, {});
      return {*excluded, {}};
    }
    if (group.net().is_zero()) return {Placed::excluded_reversed, {}};
    const Minor counted = cap_load(group.net(), *window_.rules);
    if (const auto held = find_hold(group)) {
      hold_value(counted);
      add_mismatch(group, counted);
      return {*held, {}};
    }
    (group.has_webhook ? sums_.totals.instant : sums_.totals.settled) += counted;
    if (group.has_webhook && group.is_confirmed) sums_.totals.confirmed += counted;
    add_mismatch(group, counted);
    const bool recovered = !group.has_webhook && class_of(*line.rail) == RailClass::card;
    return {recovered ? Placed::recovered : Placed::counted, counted};
  }

  std::optional<Placed> find_hold(const LineGroup& group) const {
    if (is_timing_uncertain(*group.carrier, window_)) return Placed::held_timing_uncertain;
    if (group.is_possible_duplicate) return Placed::held_possible_duplicate;
    if (group.is_ambiguous) return Placed::held_ambiguous_match;
    return std::nullopt;
  }

  /// Only the difference between the lowest and the highest amount of one identity is held value,
  /// and a correction settles it.
  void add_mismatch(const LineGroup& group, Minor counted) {
    const Minor highest = group.highest.value_or(Minor{});
    if (group.correction || highest < window_.rules->minimum_load) return;
    const Minor most = cap_load(highest - group.reversed, *window_.rules);
    hold_value(not_negative(most - counted));
  }

  void hold_value(Minor value) {
    sums_.totals.held += value;
    sums_.totals.could_add += value;
  }

  WindowPlacing place_withdrawal(const LineGroup& group) {
    if (group.confirms) return {Placed::confirmed, {}};
    const WithdrawalPart part = part_of_withdrawal(*group.carrier, window_);
    if (part == WithdrawalPart::before) return {Placed::excluded_before_window, {}};
    if (part == WithdrawalPart::after) return {Placed::excluded_after_window, {}};
    if (group.carrier->currency != window_.rules->currency) return {Placed::excluded_currency, {}};
    if (group.net().is_zero()) return {Placed::excluded_reversed, {}};
    if (part == WithdrawalPart::uncertain || group.is_ambiguous) {
      sums_.totals.held += group.net();
      sums_.totals.could_withdraw += group.net();
      return {part == WithdrawalPart::uncertain ? Placed::held_timing_uncertain
                                                : Placed::held_ambiguous_match,
              {}};
    }
    (part == WithdrawalPart::grace ? sums_.withdrawn_grace : sums_.withdrawn_window) += group.net();
    if (!group.correction) {
      sums_.totals.held += difference_of(group);
      sums_.totals.could_return += difference_of(group);
    }
    return {Placed::applied, group.net()};
  }

  /// Held reversals may still take from what they name; one that names nothing known may name a
  /// load.
  WindowPlacing place_reversal(const LineGroup& group) {
    const Line& line = *group.carrier;
    const bool may_concern =  // one of the whole states no currency
        line.currency == window_.rules->currency || line.currency == Currency();
    if (may_concern && line.kind == LineKind::reversal) sums_.totals.held += held_part(group);
    if (is_held(group.placed) && may_concern) {
      const bool of_withdrawal = line.original && line.original->kind == LineKind::withdrawal;
      const Minor rest =
          group.amount ? *group.amount - group.reversed : Minor::of(Minor::kMax);  // all of it
      (of_withdrawal ? sums_.totals.could_return : sums_.totals.could_take) += rest;
    }
    if (!is_held(group.placed)) hold_difference(group, groups_[*group.target]);
    return {group.placed, group.reversed};
  }

  /// The amounts of one reversal or correction differ: the lowest stands, and the rest may still
  /// take from, or add to, what it names.
  void hold_difference(const LineGroup& group, const LineGroup& named) {
    const LineGroup& payment = named.confirms ? groups_[*named.confirms] : named;
    const Minor difference = difference_of(group);
    if (group.placed != Placed::applied || difference.is_zero()) return;
    const bool is_correction = group.carrier->kind == LineKind::correction;
    if (payment.carrier->kind == LineKind::withdrawal) {
      (is_correction ? sums_.totals.could_withdraw : sums_.totals.could_return) += difference;
    } else if (!is_correction) {
      sums_.totals.could_take += difference;
    } else if (!find_exclusion(*payment.carrier, group.highest, window_)) {
      sums_.totals.could_add += difference;
    }
  }

  /// Between the amounts of one identity.
  static Minor difference_of(const LineGroup& group) {
    return group.highest.value_or(Minor{}) - group.lowest.value_or(Minor{});
  }

  /// The value of a reversal that is held, as far as one is stated: what it has not taken, and the
  /// difference between its amounts.
  static Minor held_part(const LineGroup& group) {
    const bool is_stated = is_held(group.placed) && group.amount;
    return difference_of(group) + (is_stated ? *group.amount - group.reversed : Minor{});
  }

  /// Beside a load that counts nowhere nothing is held, unless the lowest amount is all that keeps
  /// it from counting.
  static Placed place_beside(const LineGroup& group, const Line& line, Placed carrier,
                             const CampaignRules& rules) {
    const Placed placed = place_repeat(line, *group.carrier);
    const bool could_count = carrier == Placed::excluded_below_minimum && !group.correction &&
                             group.highest >= rules.minimum_load;
    return is_held(placed) && is_excluded(carrier) && !could_count ? carrier : placed;
  }

  /// A line whose identity stands with another member, currency or class is held whole.
  Placed place_conflict(const Line& line) {
    const Minor amount = line.amount.value_or(Minor{});
    if (line.kind == LineKind::load) {
      if (const auto excluded = find_exclusion(line, amount, window_)) return *excluded;
      hold_value(cap_load(amount, *window_.rules));
    } else if (line.currency == window_.rules->currency) {
      if (line.kind != LineKind::correction) sums_.totals.held += amount;
      (line.kind == LineKind::withdrawal ? sums_.totals.could_withdraw : sums_.totals.could_take) +=
          line.amount.value_or(Minor::of(Minor::kMax));
    }
    return Placed::held_identity_conflict;
  }

  std::span<const Line> lines_;
  std::span<const LineGroup> groups_;
  const PlacingWindow& window_;
  std::vector<WindowPlacing> placings_;
  Sums sums_;
};

/// For each line, the line whose load it confirms.
void link_confirmations(std::span<const Line> lines, std::span<const LineGroup> groups,
                        Placing& placing) {
  for (const LineGroup& group : groups) {
    const std::size_t carrier = group.lines.front();
    if (group.confirms) placing.lines[carrier].confirms = groups[*group.confirms].lines.front();
    for (std::size_t i = 1; i < group.lines.size(); ++i) {
      const std::size_t index = group.lines[i];
      if (place_repeat(lines[index], *group.carrier) == Placed::confirmed) {
        placing.lines[index].confirms = carrier;
      }
    }
  }
}

}  // namespace

Placing place_lines(std::span<const Line> lines, std::span<const PlacingWindow> windows) {
  std::vector<LineGroup> groups = group_lines(lines);
  apply_corrections(groups);
  // A load by itself has nothing to be paired with and takes nothing back.
  const bool is_one_load = groups.size() == 1 && groups.front().carrier->kind == LineKind::load;
  if (!is_one_load) match_groups(groups, windows);

  Placing placing;
  placing.lines.resize(lines.size());
  for (const PlacingWindow& window : windows) {
    WindowPlacer placer(lines, groups, window);
    placer.place();
    placing.totals.push_back(placer.totals());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      LinePlacing& line = placing.lines[i];
      line.windows.push_back(placer.line(i));
      const Placed placed = line.windows.back().placed;
      if (line.windows.size() == 1 || is_better(placed, line.outcome)) line.outcome = placed;
    }
  }
  if (windows.empty()) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].identity_conflict) placing.lines[i].outcome = Placed::held_identity_conflict;
    }
  }
  link_confirmations(lines, groups, placing);
  return placing;
}

}  // namespace thaw
