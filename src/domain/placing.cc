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
  Minor could_return_grace;  // off `withdrawn_grace`, before it is set off
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
    const Minor grace = not_negative(sums_.withdrawn_grace - sums_.loaded_grace);
    totals.withdrawn = sums_.withdrawn_window + grace;
    totals.could_return = std::min(totals.could_return, sums_.withdrawn_window) +
                          std::min(sums_.could_return_grace, grace);
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
    if (group.confirms) return place_confirming(group);
    const Line& line = *group.carrier;
    const bool unsure = group.is_ambiguous || group.is_possible_duplicate;
    if (!unsure && is_made_in_grace(line, window_)) sums_.loaded_grace += group.net();
    if (const auto excluded = find_exclusion(line, group.amount, window_)) {
      if (*excluded == Placed::excluded_below_minimum) add_mismatch(group, {});
      return {*excluded, {}};
    }
    if (group.net().is_zero() && !group.reversed.is_zero()) return {Placed::excluded_reversed, {}};
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
    if (group.correction || !group.highest || !group.lowest) return;
    if (*group.highest < window_.rules->minimum_load) return;
    const Minor most = cap_load(*group.highest - group.reversed, *window_.rules);
    hold_value(not_negative(most - counted));
  }

  void hold_value(Minor value) {
    sums_.totals.held += value;
    sums_.totals.could_add += value;
  }

  void hold_drawn(const Line& withdrawal, Minor value) {
    sums_.totals.held += value;
    could_return(withdrawal, value);
  }

  void could_return(const Line& withdrawal, Minor value) {
    const bool is_grace = part_of_withdrawal(withdrawal, window_) == WithdrawalPart::grace;
    (is_grace ? sums_.could_return_grace : sums_.totals.could_return) += value;
  }

  /// A record takes part in nothing, but its repeats with another amount are held.
  WindowPlacing place_confirming(const LineGroup& record) {
    const LineGroup& payment = groups_[*record.confirms];
    const bool is_settled = payment.correction || counts_nowhere(*payment.carrier, record.highest);
    if (!is_settled && payment.carrier->kind == LineKind::load) hold_value(difference_of(record));
    if (!is_settled && payment.carrier->kind == LineKind::withdrawal) {
      hold_drawn(*payment.carrier, difference_of(record));
    }
    return {Placed::confirmed, {}};
  }

  bool counts_nowhere(const Line& payment, std::optional<Minor> amount) const {
    const bool is_load = payment.kind == LineKind::load;
    return (is_load ? find_exclusion(payment, amount, window_) : exclude_withdrawal(payment))
        .has_value();
  }

  std::optional<Placed> exclude_withdrawal(const Line& line) const {
    const WithdrawalPart part = part_of_withdrawal(line, window_);
    if (part == WithdrawalPart::before) return Placed::excluded_before_window;
    if (part == WithdrawalPart::after) return Placed::excluded_after_window;
    if (line.currency != window_.rules->currency) return Placed::excluded_currency;
    return std::nullopt;
  }

  WindowPlacing place_withdrawal(const LineGroup& group) {
    if (group.confirms) return place_confirming(group);
    if (const auto excluded = exclude_withdrawal(*group.carrier)) return {*excluded, {}};
    if (group.net().is_zero() && !group.reversed.is_zero()) return {Placed::excluded_reversed, {}};
    const WithdrawalPart part = part_of_withdrawal(*group.carrier, window_);
    if (part == WithdrawalPart::uncertain || group.is_ambiguous) {
      sums_.totals.held += group.net();
      sums_.totals.could_withdraw += group.net();
      return {part == WithdrawalPart::uncertain ? Placed::held_timing_uncertain
                                                : Placed::held_ambiguous_match,
              {}};
    }
    (part == WithdrawalPart::grace ? sums_.withdrawn_grace : sums_.withdrawn_window) += group.net();
    if (!group.correction) hold_drawn(*group.carrier, difference_of(group));
    return {Placed::applied, group.net()};
  }

  WindowPlacing place_reversal(const LineGroup& group) {
    const bool is_open = is_held(group.placed) || group.placed == Placed::applied;
    if (!is_open) return {group.placed, group.reversed};
    if (group.highest) hold_reversal(*group.carrier, *group.highest - group.reversed);
    const LineGroup* payment = group.target ? &find_payment(group) : nullptr;
    if (payment &&
        !counts_nowhere(*payment->carrier, std::max(payment->highest, payment->amount))) {
      weigh_named(group, *payment);
    } else if (!payment) {
      weigh_orphan(*group.carrier, group.highest);
    }
    return {group.placed, group.reversed};
  }

  void hold_reversal(const Line& line, Minor value) {
    if (line.kind == LineKind::reversal && may_concern(line)) sums_.totals.held += value;
  }

  /// One of the whole states no currency.
  bool may_concern(const Line& line) const {
    return line.currency == window_.rules->currency || line.currency == Currency();
  }

  const LineGroup& find_payment(const LineGroup& naming) const {
    const LineGroup& named = groups_[*naming.target];
    return named.confirms ? groups_[*named.confirms] : named;
  }

  /// What a reversal asked for and has not taken, and the difference between the amounts of a
  /// correction, of which the lowest stands, may still come off the payment or onto it.
  void weigh_named(const LineGroup& group, const LineGroup& payment) {
    Totals& totals = sums_.totals;
    const bool is_load = payment.carrier->kind == LineKind::load;
    if (group.carrier->kind == LineKind::correction) {
      if (group.placed == Placed::applied) {
        (is_load ? totals.could_add : totals.could_withdraw) += difference_of(group);
      }
      return;
    }
    const Minor all = is_held(group.placed) ? Minor::of(Minor::kMax) : group.reversed;
    const Minor asked = group.highest.value_or(all);
    if (is_load) {
      totals.could_take += asked - group.reversed;
    } else {
      could_return(*payment.carrier, asked - group.reversed);
    }
  }

  /// One whose record is not there may concern a payment that is, once its record confirms it:
  /// a load, unless it says that it means a withdrawal, or either.
  void weigh_orphan(const Line& line, std::optional<Minor> amount) {
    Totals& totals = sums_.totals;
    if (!may_concern(line)) return;
    const bool is_correction = line.kind == LineKind::correction;
    const Minor value = amount.value_or(Minor::of(Minor::kMax));
    const auto kind = line.original ? line.original->kind : std::nullopt;
    if (kind != LineKind::withdrawal) {
      totals.could_take += value;
      if (is_correction) totals.could_add += value;
    }
    if (kind != LineKind::load) {
      totals.could_return += value;
      if (is_correction) totals.could_withdraw += value;
    }
  }

  /// Between the amounts of one identity.
  static Minor difference_of(const LineGroup& group) {
    return group.highest && group.lowest ? *group.highest - *group.lowest : Minor{};
  }

  /// Beside a load that counts nowhere nothing is held, unless the lowest amount is all that keeps
  /// it from counting.
  static Placed place_beside(const LineGroup& group, const Line& line, Placed carrier,
                             const CampaignRules& rules) {
    const Placed placed = place_repeat(line, group);
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
    } else if (line.kind == LineKind::withdrawal) {
      if (const auto excluded = exclude_withdrawal(line)) return *excluded;
      sums_.totals.held += amount;
      sums_.totals.could_withdraw += amount;
    } else {
      hold_reversal(line, amount);
      weigh_orphan(line, line.amount);
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
      if (place_repeat(lines[index], group) == Placed::confirmed) {
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
