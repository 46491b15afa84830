#include "domain/placing.h"

#include <algorithm>

#include "domain/held_value.h"
#include "domain/line_group.h"
#include "domain/matching.h"
#include "domain/window_rules.h"

namespace thaw {
namespace {

/// Places the groups for one enrolment and adds them up.
class WindowPlacer {
 public:
  WindowPlacer(std::span<const Line> lines, std::span<const LineGroup> groups,
               const PlacingWindow& window)
      : lines_(lines), groups_(groups), window_(window), held_(window), placings_(lines.size()) {}

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
    Totals totals = totals_;
    const Minor grace = std::max(withdrawn_grace_ - loaded_grace_, Minor{});
    totals.withdrawn = withdrawn_window_ + grace;
    held_.write(totals, withdrawn_window_, grace);
    return totals;
  }

  const WindowPlacing& line(std::size_t index) const { return placings_[index]; }

 private:
  WindowPlacing place_carrier(const LineGroup& group) {
    const LineKind kind = group.carrier->kind;
    if (kind == LineKind::reversal || kind == LineKind::correction) return place_naming(group);
    if (group.confirms) {
      held_.hold_confirming(group, groups_[*group.confirms]);
      return {Placed::confirmed, {}};
    }
    return kind == LineKind::load ? place_load(group) : place_withdrawal(group);
  }

  WindowPlacing place_load(const LineGroup& load) {
    const Line& line = *load.carrier;
    const bool unsure = load.is_ambiguous || load.is_possible_duplicate;
    if (!unsure && is_made_in_grace(line, window_)) loaded_grace_ += load.net();
    if (const auto excluded = find_exclusion(line, load.amount, window_)) {
      if (*excluded == Placed::excluded_below_minimum) held_.hold_difference(load, {});
      return {*excluded, {}};
    }
    if (load.net().is_zero()) return {Placed::excluded_reversed, {}};
    const Minor counted = cap_load(load.net(), *window_.rules);
    held_.hold_difference(load, counted);
    if (const auto hold = find_hold(load)) {
      held_.hold_load(counted);
      return {*hold, {}};
    }
    (load.has_webhook ? totals_.instant : totals_.settled) += counted;
    if (load.has_webhook && load.is_confirmed) totals_.confirmed += counted;
    const bool recovered = !load.has_webhook && class_of(*line.rail) == RailClass::card;
    return {recovered ? Placed::recovered : Placed::counted, counted};
  }

  std::optional<Placed> find_hold(const LineGroup& load) const {
    if (is_timing_uncertain(*load.carrier, window_)) return Placed::held_timing_uncertain;
    if (load.is_possible_duplicate) return Placed::held_possible_duplicate;
    if (load.is_ambiguous) return Placed::held_ambiguous_match;
    return std::nullopt;
  }

  WindowPlacing place_withdrawal(const LineGroup& withdrawal) {
    const Line& line = *withdrawal.carrier;
    if (const auto excluded = find_exclusion(line, withdrawal.amount, window_)) {
      return {*excluded, {}};
    }
    const Minor net = withdrawal.net();
    if (net.is_zero()) return {Placed::excluded_reversed, {}};
    const WithdrawalPart part = part_of_withdrawal(line, window_);
    if (part == WithdrawalPart::uncertain || withdrawal.is_ambiguous) {
      held_.hold_withdrawal(net);
      return {part == WithdrawalPart::uncertain ? Placed::held_timing_uncertain
                                                : Placed::held_ambiguous_match,
              {}};
    }
    (part == WithdrawalPart::grace ? withdrawn_grace_ : withdrawn_window_) += net;
    held_.hold_difference(withdrawal);
    return {Placed::applied, net};
  }

  WindowPlacing place_naming(const LineGroup& naming) {
    held_.hold_naming(naming, naming.target ? &find_payment(naming) : nullptr);
    return {naming.placed, naming.reversed};
  }

  const LineGroup& find_payment(const LineGroup& naming) const {
    const LineGroup& named = groups_[*naming.target];
    return named.confirms ? groups_[*named.confirms] : named;
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
    const bool is_payment = line.kind == LineKind::load || line.kind == LineKind::withdrawal;
    if (is_payment) {
      if (const auto excluded = find_exclusion(line, line.amount, window_)) return *excluded;
    }
    held_.hold_conflict(line);
    return Placed::held_identity_conflict;
  }

  std::span<const Line> lines_;
  std::span<const LineGroup> groups_;
  const PlacingWindow& window_;
  HeldValue held_;
  std::vector<WindowPlacing> placings_;
  Totals totals_;
  Minor withdrawn_window_;
  Minor withdrawn_grace_;
  Minor loaded_grace_;
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

  Placing placing;
  placing.lines.resize(lines.size());
  for (const PlacingWindow& window : windows) {
    std::vector<LineGroup> matched = windows.size() == 1 ? std::move(groups) : groups;
    if (!is_one_load) match_groups(matched, window);
    WindowPlacer placer(lines, matched, window);
    placer.place();
    placing.totals.push_back(placer.totals());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      LinePlacing& line = placing.lines[i];
      line.windows.push_back(placer.line(i));
      const Placed placed = line.windows.back().placed;
      if (line.windows.size() == 1 || is_better(placed, line.outcome)) line.outcome = placed;
    }
    link_confirmations(lines, matched, placing);
  }
  if (windows.empty()) {  // of no enrolment: they pair, and count nowhere
    static const CampaignRules none;
    match_groups(groups, {Instant::min(), Instant::min(), Instant::min(), &none});
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].identity_conflict) placing.lines[i].outcome = Placed::held_identity_conflict;
    }
    link_confirmations(lines, groups, placing);
  }
  return placing;
}

}  // namespace thaw
