#include "domain/standing.h"

#include <algorithm>
#include <set>
#include <string>

#include "domain/keys.h"

namespace thaw {
namespace {

std::vector<Line> facts_of(std::span<const StoredLine> stored) {
  std::vector<Line> lines;
  lines.reserve(stored.size());
  for (const StoredLine& line : stored) lines.push_back(line.row.line);
  return lines;
}

/// Lines which a cut takes in, with their places in the full list.
struct CutLines {
  std::vector<Line> lines;
  std::vector<std::size_t> indexes;
};

CutLines take_cut(std::span<const StoredLine> stored, const DecisionCut& cut) {
  CutLines taken;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (!is_taken_in(stored[i].row, cut)) continue;
    taken.lines.push_back(stored[i].row.line);
    taken.indexes.push_back(i);
  }
  return taken;
}

/// How a line that came after the decision stands: only what would have mattered is `late`.
WindowPlacing place_late(WindowPlacing placing) {
  switch (placing.placed) {
    case Placed::excluded_not_a_load:
    case Placed::excluded_rail:
    case Placed::excluded_before_window:
    case Placed::excluded_after_window:
    case Placed::excluded_currency:
    case Placed::excluded_below_minimum:
    case Placed::confirmed:
    case Placed::duplicate: return placing;
    default: return {Placed::excluded_late, {}};  // tidy: allow default: every other one is late
  }
}

/// Replaces, for one decided enrolment, the placings over all lines by those of its decision.
void freeze_decided(Placing& placing, std::size_t window_index, std::span<const StoredLine> stored,
                    const PlacingWindow& window, const DecisionCut& cut) {
  const CutLines taken = take_cut(stored, cut);
  if (taken.lines.size() == stored.size()) return;
  for (LinePlacing& line : placing.lines) {
    line.windows[window_index] = place_late(line.windows[window_index]);
  }
  const Placing frozen = place_lines(taken.lines, std::span(&window, 1));
  for (std::size_t i = 0; i < taken.indexes.size(); ++i) {
    placing.lines[taken.indexes[i]].windows[window_index] = frozen.lines[i].windows.front();
  }
}

Placed best_of(const LinePlacing& line) {
  if (line.windows.empty()) return line.outcome;
  Placed best = line.windows.front().placed;
  for (const WindowPlacing& window : line.windows) {
    if (is_better(window.placed, best)) best = window.placed;
  }
  return best;
}

/// What the lines of a cut stand for, and what they confirm.
class Spoken {
 public:
  void add(const StoredLine& line) {
    keys_.insert(line.key);
    identities_.insert(keys::identity(line.row.line));
    if (!line.row.confirms.empty()) confirmed_.insert(line.row.confirms);
  }
  /// True if the line says something of one of them.
  bool is_about(const StoredLine& line) const {
    if (names_one(line.row.line) || keys_.contains(line.row.confirms)) return true;
    if (confirmed_.contains(line.key)) return true;
    return identities_.contains(keys::identity(line.row.line));
  }
  /// True if the line reverses or corrects one of them.
  bool names_one(const Line& line) const {
    return std::ranges::any_of(kinds_named(line), [&](LineKind kind) {
      return identities_.contains(keys::identity(line.provider, kind, line.original->txn_id));
    });
  }

 private:
  std::set<std::string> keys_;
  std::set<std::string> identities_;
  std::set<std::string> confirmed_;
};

bool has_number(const std::vector<std::int64_t>& ascending, std::int64_t number) {
  return std::binary_search(ascending.begin(), ascending.end(), number);
}

void insert_number(std::vector<std::int64_t>& ascending, std::int64_t number) {
  const auto place = std::lower_bound(ascending.begin(), ascending.end(), number);
  if (place == ascending.end() || *place != number) ascending.insert(place, number);
}

}  // namespace

PlacingWindow make_window(const Enrolment& enrolment, const CampaignRules& rules) {
  return {enrolment.enrolled_at, enrolment.ends_at, enrolment.decides_at, &rules};
}

bool is_taken_in(const LineRow& row, const DecisionCut& cut) {
  if (has_number(cut.without, row.arrival)) return false;
  if (row.line.attached_at < cut.before || row.arrival <= cut.arrivals) return true;
  return has_number(cut.also, row.arrival);
}

DecisionCut make_cut(std::span<const StoredLine> lines, Instant before,
                     std::span<const FileId> awaited) {
  DecisionCut cut{before, 0, {}, {}};
  Spoken come;
  for (const StoredLine& line : lines) {
    const auto& file = line.row.line.file;
    const bool is_awaited =
        file && std::find(awaited.begin(), awaited.end(), file->file) != awaited.end();
    if (!is_awaited) continue;
    insert_number(cut.also, line.row.arrival);
    come.add(line);
  }
  for (const StoredLine& line : lines) {
    const bool has_waited = line.row.line.recorded_at < before;
    if (has_waited && come.names_one(line.row.line)) insert_number(cut.also, line.row.arrival);
  }
  return cut;
}

DecisionCut extend_cut(std::span<const StoredLine> lines, const DecisionCut& cut) {
  DecisionCut extended = cut;
  Spoken spoken;
  Spoken all;
  for (const StoredLine& line : lines) {
    all.add(line);
    if (is_taken_in(line.row, extended)) spoken.add(line);
  }
  for (bool grows = true; grows;) {  // what is said of a line that has come in is about it, too
    grows = false;
    for (const StoredLine& line : lines) {
      if (is_taken_in(line.row, extended) || !spoken.is_about(line)) continue;
      insert_number(extended.also, line.row.arrival);
      spoken.add(line);
      grows = true;
    }
  }
  for (const StoredLine& line : lines) {
    const Line& facts = line.row.line;
    if (!is_taken_in(line.row, extended) || spoken.names_one(facts)) continue;
    if (all.names_one(facts)) insert_number(extended.without, line.row.arrival);
  }
  return extended;
}

Standing judge_standing(std::vector<StoredLine> lines, std::span<const Enrolment> enrolments,
                        std::span<const RulesPtr> rules) {
  std::vector<PlacingWindow> windows;
  std::vector<std::size_t> enrolment_of;
  for (std::size_t i = 0; i < enrolments.size(); ++i) {
    if (enrolments[i].state == EnrolmentState::cancelled) continue;
    windows.push_back(make_window(enrolments[i], *rules[i]));
    enrolment_of.push_back(i);
  }
  Placing placing = place_lines(facts_of(lines), windows);
  Standing standing;
  standing.totals.resize(enrolments.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const Enrolment& enrolment = enrolments[enrolment_of[w]];
    standing.totals[enrolment_of[w]] = placing.totals[w];
    if (enrolment.state == EnrolmentState::decided) {
      freeze_decided(placing, w, lines, windows[w], enrolment.cut);
    }
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    LineRow& row = lines[i].row;
    row.placements.clear();
    for (std::size_t w = 0; w < windows.size(); ++w) {
      const WindowPlacing& placed = placing.lines[i].windows[w];
      row.placements.push_back(
          {static_cast<std::int64_t>(enrolment_of[w]), placed.placed, placed.counted});
    }
    row.outcome = best_of(placing.lines[i]);
    const auto confirms = placing.lines[i].confirms;
    row.confirms = confirms ? lines[*confirms].key : std::string();
  }
  standing.lines = std::move(lines);
  return standing;
}

std::vector<Totals> judge_alone(LineRow& row, std::span<const Enrolment> enrolments,
                                std::span<const RulesPtr> rules) {
  std::vector<PlacingWindow> windows;
  windows.reserve(enrolments.size());
  for (std::size_t i = 0; i < enrolments.size(); ++i) {
    if (enrolments[i].state == EnrolmentState::cancelled) continue;
    windows.push_back(make_window(enrolments[i], *rules[i]));
  }
  Placing placing = place_lines(std::span(&row.line, 1), windows);
  const LinePlacing& line = placing.lines.front();
  std::vector<Totals> totals(enrolments.size());
  row.placements.clear();
  row.placements.reserve(windows.size());
  for (std::size_t i = 0, w = 0; i < enrolments.size(); ++i) {
    if (enrolments[i].state == EnrolmentState::cancelled) continue;
    totals[i] = placing.totals[w];
    row.placements.push_back(
        {static_cast<std::int64_t>(i), line.windows[w].placed, line.windows[w].counted});
    ++w;
  }
  row.outcome = line.outcome;
  row.confirms.clear();
  return totals;
}

CutStanding judge_cut(std::span<const StoredLine> lines, const Enrolment& enrolment,
                      const CampaignRules& rules, const DecisionCut& cut) {
  const CutLines taken = take_cut(lines, cut);
  const PlacingWindow window = make_window(enrolment, rules);
  const Placing placing = place_lines(taken.lines, std::span(&window, 1));
  CutStanding standing;
  standing.totals = placing.totals.front();
  for (std::size_t i = 0; i < taken.lines.size(); ++i) {
    const WindowPlacing& placed = placing.lines[i].windows.front();
    standing.lines.push_back({taken.lines[i], placed.placed, placed.counted});
  }
  return standing;
}

}  // namespace thaw
