#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "domain/placing.h"
#include "domain/rows.h"

namespace thaw {

using RulesPtr = std::shared_ptr<const CampaignRules>;

/// A member's lines with the keys of their rows.
struct StoredLine {
  std::string key;
  LineRow row;
};

/// Where all lines of a member stand, with decisions in force taken into account.
struct Standing {
  std::vector<StoredLine> lines;  // in the order given, placements filled in
  std::vector<Totals> totals;     // parallel to the enrolments, over all lines whatever was decided
};

PlacingWindow make_window(const Enrolment& enrolment, const CampaignRules& rules);

/// True if the decision with this cut took the line in.
bool is_taken_in(const LineRow& row, const DecisionCut& cut);

/// What was recorded before the instant, and what has come by these awaited files, with what had
/// waited for a record of theirs that it names; of theirs, what is claimed only later is late.
DecisionCut make_cut(std::span<const StoredLine> lines, Instant before,
                     std::span<const FileId> awaited);

/// The cut with the later lines that speak of lines in it: that confirm one, are confirmed by one,
/// share an identity, or reverse or correct one; and without those of its own which name a record
/// that came later, since they say nothing of the others. `lines` have their placements.
DecisionCut extend_cut(std::span<const StoredLine> lines, const DecisionCut& cut);

/// Places the lines for all enrolments that are not cancelled. For a decided enrolment, lines of
/// its decision stand as they did then; of later lines those that would have mattered are
/// `excluded:late` (SPEC §3.6). `rules` is parallel to the enrolments.
Standing judge_standing(std::vector<StoredLine> lines, std::span<const Enrolment> enrolments,
                        std::span<const RulesPtr> rules);

/// Places one line that no other line can touch, nor be touched by, and fills its placements in.
/// Returns what it adds to the totals, parallel to the enrolments: for such a line the same as
/// judge_standing of all lines gives. None of the enrolments is decided.
std::vector<Totals> judge_alone(LineRow& row, std::span<const Enrolment> enrolments,
                                std::span<const RulesPtr> rules);

/// The lines that a decision with this cut rests on, and what they add up to.
struct CutStanding {
  std::vector<DecisionLine> lines;
  Totals totals;
};
CutStanding judge_cut(std::span<const StoredLine> lines, const Enrolment& enrolment,
                      const CampaignRules& rules, const DecisionCut& cut);

}  // namespace thaw
