#include "sim/campaign/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/keys.h"
#include "sim/auditor/review.h"
#include "sim/campaign/check_line_events.h"
#include "sim/campaign/check_outcomes.h"
#include "sim/campaign/check_progress.h"
#include "sim/campaign/check_rows.h"
#include "sim/campaign/check_verdicts.h"
#include "sim/campaign/enrolment_judge.h"
#include "sim/campaign/line_points.h"
#include "sim/campaign/partner_watch.h"
#include "sim/campaign/read_row.h"
#include "sim/campaign/reward_points.h"

namespace thaw {
Judge::Judge(CampaignRun& run, std::vector<LogRecord> log)
    : run_(run),
      log_(std::move(log)),
      recorded_(read_recorded(log_, run.world())),
      history_(make_history(run.world(), recorded_, log_)),
      arrivals_(run.world(), log_),
      whereabouts_(history_, recorded_, log_) {}

void Judge::judge() {
  judge_messages();
  judge_claims();
  EnrolmentJudge(run_, recorded_).judge();
  note_lines(history_, run_.report().reached);
  judge_windows();
  judge_partner();
  judge_sightings();
  judge_log();
  judge_nobodys();
  const Books books = Books::read(run_.store());
  const Complain complain = [this](const std::string& what) { this->complain(what); };
  const auto is_excused = [this](Instant at) { return run_.is_in_restored_time(at); };
  check_rows(books, run_.world(), run_.now(), complain);
  const auto is_gone = [](const auto& row) { return row.second.kind == CaseKind::record_gone; };
  if (std::ranges::any_of(books.cases, is_gone)) {
    run_.report().reached.insert("record gone from a later file");
  }
  const auto fence = read_row<Fence>(run_.store(), keys::fence());
  note_rewards(books, fence.value_or(Fence{}), run_.report().reached);
  check_verdicts(books, run_.world(), log_, is_excused, complain);
  check_outcomes(log_, run_.world(), run_.told(), complain);
  check_line_events(log_, complain);
  check_progress(log_, history_, complain, [this](const std::string& what) { run_.trace(what); });
}

void Judge::judge_windows() {
  for (std::size_t i = 0; i < history_.enrolments.size(); ++i) {
    const audit::Enrolment& enrolment = history_.enrolments[i];
    ++run_.report().windows;
    if (enrolment.is_cancelled) {
      run_.report().ends.add(WindowEnd::cancelled);
      continue;
    }
    const auto member = read_row<Member>(run_.store(), keys::member(MemberId(enrolment.member)));
    const auto& all = member ? member->enrolments : std::vector<Enrolment>();
    const auto stored = std::find_if(all.begin(), all.end(), [&](const Enrolment& e) {
      return e.id.text() == enrolment.window_id;
    });
    if (stored != all.end()) judge_window(i, *stored);
  }
  if (run_.report().ends.sum() != run_.report().windows && run_.report().violations.empty()) {
    complain("what came of the windows does not add up");
  }
}

void Judge::judge_window(std::size_t enrolment, const Enrolment& stored) {
  const Paid paid = read_paid(stored.id);
  if (paid.issues > 1) complain(stored.id.text() + ": points were issued twice");
  if (const auto end = find_end(stored, paid)) run_.report().ends.add(*end);
  const auto first = read_row<Decision>(run_.store(), keys::decision(stored.id, 1));
  if (!first) return complain(stored.id.text() + ": no decision");
  if (run_.is_in_restored_time(stored.decides_at)) {
    ++run_.report().verdicts_unchecked;
    return;
  }
  judge_decision(enrolment, *first, expect_first(enrolment, 1));
  judge_reviews(enrolment, stored, *first);
  judge_revisions(stored);
  judge_last(enrolment, stored);
  judge_owed(enrolment, stored, paid);
}

/// The sequence of the record that holds the decision.
std::uint64_t Judge::ruling_of(const std::string& window, std::int64_t revision) const {
  return recorded_.decisions.at(fmt::format("{}#{}", window, revision));
}

/// What had been recorded, and was known to be the member's, when it was decided.
audit::IsTakenIn Judge::known_to(const Decision& decision) const {
  const std::uint64_t ruled = ruling_of(decision.window.text(), decision.revision);
  return [this, ruled](std::size_t line) {
    const bool is_recorded = static_cast<std::uint64_t>(history_.lines[line].sequence) < ruled;
    return is_recorded && whereabouts_.was_known(line, log_[ruled - 1].recorded_at);
  };
}

Judge::First Judge::expect_first(std::size_t enrolment, std::int64_t revision) const {
  const audit::Enrolment& window = history_.enrolments[enrolment];
  const audit::Rules& rules = history_.rules[window.rules];
  const Instant ends_at = window.enrolled_at + rules.window;
  const Instant decides_at = ends_at + rules.grace;
  const std::uint64_t ruled = ruling_of(window.window_id, revision);
  const Instant ruled_at = log_[ruled - 1].recorded_at;
  First first;
  const auto is_early = [this, decides_at, ruled_at](std::size_t line) {
    return whereabouts_.was_early(line, decides_at, ruled_at);
  };
  first.is_taken_in = is_early;
  first.expected = audit::expect(history_, enrolment, first.is_taken_in);
  if (first.expected.outcome != "not_qualified") return first;
  std::set<std::string> arrived;
  bool is_missing = false;
  for (const AwaitedFileArrival& file : arrivals_.find(window.enrolled_at, ends_at)) {
    if (file.accepted_at < decides_at) continue;
    if (file.applied < ruled) arrived.insert(file.file_id);
    is_missing = is_missing || file.applied > ruled;
  }
  const auto has_arrived = [arrived](const audit::Line& line) {
    return line.by_file && arrived.contains(line.file_id);
  };
  first.is_taken_in = [this, decides_at, ruled_at, is_early, has_arrived](std::size_t line) {
    const audit::Line& one = history_.lines[line];
    if (is_early(line)) return true;
    if (!whereabouts_.was_known(line, ruled_at)) return false;
    if (has_arrived(one)) return true;
    return one.recorded_at < decides_at &&
           std::ranges::any_of(
               history_.lines,
               [&](const audit::Line& other) { return has_arrived(other) && names(one, other); });
  };
  first.expected = audit::expect(history_, enrolment, first.is_taken_in);
  first.has_waited_in_vain = is_missing && first.expected.outcome == "not_qualified";
  return first;
}

void Judge::judge_decision(std::size_t enrolment, const Decision& decision, const First& first) {
  const std::size_t violations = run_.report().violations.size();
  compare_first(enrolment, decision, first);
  if (run_.report().violations.size() > violations) trace_lines(enrolment, decision, first);
}

void Judge::compare_first(std::size_t enrolment, const Decision& decision, const First& first) {
  const std::string& window = decision.window.text();
  const audit::Expected& expected = first.expected;
  judge_lines(enrolment, decision, first);
  const std::string outcome = first.has_waited_in_vain ? "in_review" : expected.outcome;
  const std::string reason = first.has_waited_in_vain ? "settlement_incomplete" : expected.reason;
  const bool is_as_expected = to_string(decision.verdict.outcome) == outcome &&
                              to_string(decision.verdict.reason) == reason;
  if (!is_as_expected) {
    complain(fmt::format("{}: {} ({}), the auditor says {} ({})", window,
                         to_string(decision.verdict.outcome), to_string(decision.verdict.reason),
                         outcome, reason));
  }
  const audit::Totals totals{decision.totals.instant.units(), decision.totals.settled.units(),
                             decision.totals.withdrawn.units(), decision.qualifying.units()};
  compare_held(decision, expected);
  judge_held(decision);
  if (totals == expected.totals) return;
  const auto show = [](const audit::Totals& t) {
    return fmt::format("instant {} settled {} withdrawn {} qualifying {}", t.instant, t.settled,
                       t.withdrawn, t.qualifying);
  };
  complain(fmt::format("{}: {}, the auditor says {}", window, show(totals), show(expected.totals)));
}

void Judge::compare_held(const Decision& decision, const audit::Expected& expected) {
  const Totals& is = decision.totals;
  const audit::Bounds bounds{is.could_add.units(), is.could_take.units(), is.could_withdraw.units(),
                             is.could_return.units()};
  if (bounds != expected.bounds) {
    const auto show = [](const audit::Bounds& b) {
      return fmt::format("add {} take {} withdraw {} return {}", b.add, b.take, b.withdraw,
                         b.give_back);
    };
    complain(fmt::format("{}: what is held could {}, the auditor says {}", decision.window.text(),
                         show(bounds), show(expected.bounds)));
  }
  if (is.confirmed.units() != expected.confirmed) {
    complain(fmt::format("{}: {} of the loads are confirmed, the auditor says {}",
                         decision.window.text(), is.confirmed.units(), expected.confirmed));
  }
}

/// SPEC §2.6: a decision stores the held amount. Its size is thaw's own; that there is one is not.
void Judge::judge_held(const Decision& decision) {
  const auto is_held_load = [](const DecisionLine& line) {
    const bool is_whole = line.placed == Placed::held_possible_duplicate ||
                          line.placed == Placed::held_ambiguous_match ||
                          line.placed == Placed::held_timing_uncertain;
    return is_whole && line.line.kind == LineKind::load;
  };
  if (std::ranges::any_of(read_lines(decision), is_held_load) && decision.totals.held.is_zero()) {
    complain(decision.window.text() + ": loads are held, and the held amount is none");
  }
}

std::vector<DecisionLine> Judge::read_lines(const Decision& decision) {
  std::vector<DecisionLine> lines;
  for (std::int64_t chunk = 0; chunk < decision.line_chunks; ++chunk) {
    const auto rows = read_row<DecisionLines>(
        run_.store(), keys::decision_lines(decision.window, decision.revision, chunk));
    if (rows) lines.insert(lines.end(), rows->lines.begin(), rows->lines.end());
  }
  return lines;
}

/// Where the lines of the decision stand, by their names.
std::map<std::string, Stand> Judge::read_stands(const Decision& decision) {
  std::map<std::string, Stand> stands;
  for (const DecisionLine& line : read_lines(decision)) {
    stands[name_line(line.line, decision.member)] = {std::string(to_string(line.placed)),
                                                     line.counted.units()};
  }
  return stands;
}

void Judge::judge_lines(std::size_t enrolment, const Decision& decision, const First& first) {
  const std::string& window = history_.enrolments[enrolment].window_id;
  std::set<std::string> known;
  for (std::size_t i = 0; i < history_.lines.size(); ++i) {
    if (!first.expected.placed[i].empty() && first.is_taken_in(i)) {
      known.insert(name_line(history_.lines[i]));
    }
  }
  const std::map<std::string, Stand> stands = read_stands(decision);
  for (const auto& [name, line] : stands) {
    if (!known.contains(name)) complain(window + ": takes in " + name + ", which is not its own");
  }
  for (const AlikeLines& group : group_alike(history_, first.expected, first.is_taken_in, stands)) {
    if (group.placed == group.wanted) continue;
    complain(fmt::format("{}: {} is {}, the auditor says {}", window,
                         name_line(history_.lines[group.lines.front()]), show(group.placed),
                         show(group.wanted)));
  }
}

/// Each revision is a flip, or another review, with its cause; one against the member names two
/// persons.
void Judge::judge_revisions(const Enrolment& stored) {
  Verdict before;
  for (std::int64_t n = 1; n <= stored.revision; ++n) {
    const auto decision = read_row<Decision>(run_.store(), keys::decision(stored.id, n));
    if (!decision)
      return complain(fmt::format("{}: revision {} is not there", stored.id.text(), n));
    const bool is_change = decision->verdict.outcome != before.outcome ||
                           (before.outcome == Outcome::in_review && decision->verdict != before);
    if (n > 1 && (!is_change || decision->cause.empty())) {
      complain(fmt::format("{}: revision {} is no flip, or has no cause", stored.id.text(), n));
    }
    const bool is_against = before.outcome == Outcome::qualified;
    if (n > 1 && is_against && decision->people.size() < 2) {
      complain(fmt::format("{}: revised against the member by a machine", stored.id.text()));
    }
    before = decision->verdict;
  }
}

/// SPEC §2.6: a case for what later records would make of a verdict, while they would, and only
/// then.
void Judge::judge_revision_case(const Enrolment& stored, LatePolicy late,
                                const audit::Expected& all) {
  if (stored.outcome == Outcome::in_review) return;
  const bool is_other = to_string(stored.outcome) != all.outcome;
  const bool is_open = !stored.revision_case.empty();
  const bool is_ignored = late == LatePolicy::ignore && all.outcome == "qualified";
  const bool nobody_acts = run_.people().habit() == People::Habit::leave;
  if (is_open && (!is_other || is_ignored)) {
    complain(stored.id.text() + ": a case proposes what would not be so");
  }
  if (!is_open && is_other && !is_ignored && nobody_acts) {
    complain(
        fmt::format("{}: of all lines {}, and no case proposes it", stored.id.text(), all.outcome));
  }
}

/// The verdict in force, once nothing more comes and the people on duty have done what they do.
void Judge::judge_last(std::size_t enrolment, const Enrolment& stored) {
  const audit::Expected all = audit::expect(history_, enrolment, [this](std::size_t line) {
    return whereabouts_.was_known(line, Instant::max());
  });
  const LatePolicy late = rules_at(run_.world(), history_.enrolments[enrolment].rules).late_policy;
  const bool approves = run_.people().habit() == People::Habit::approve;
  const bool is_in_review = stored.outcome == Outcome::in_review;
  const bool is_beyond_doubt = all.outcome != "in_review";
  if (is_in_review) judge_open_review(enrolment, stored);
  if (is_beyond_doubt && !is_in_review) judge_revision_case(stored, late, all);
  // Whoever refuses or leaves a revision lets the verdict of before stand, whatever that was by
  // then; `ignore` takes nothing in favour of the member in.
  const bool is_ignored = late == LatePolicy::ignore && all.outcome != "not_qualified";
  if (!approves || is_ignored || is_in_review) return;
  if (!is_beyond_doubt) return;  // held value: the verdict in force stands
  if (to_string(stored.outcome) != all.outcome) {
    complain(fmt::format(
        "{}: {} in force (revision {}, {}, case {}), of all lines the auditor says {} ({})",
        stored.id.text(), to_string(stored.outcome), stored.revision, to_string(late),
        stored.revision_case, all.outcome, all.reason));
    trace_all(all, stored.totals);
  }
}

/// Bank: what the partner has issued is what rewards are worth, each under its own window.
void Judge::judge_partner() {
  for (const SimPoints::Paid& paid : run_.points().ledger()) {
    const auto key = parse_reward_key(paid.key);
    if (!key || key->member.text() != paid.member || paid.reason != key->campaign.text() ||
        !is_worth(key->window, paid.points)) {
      complain(paid.key + ": issued wrongly");
    }
  }
}

/// What its version promises. Of a window that a restore took back, and then perhaps gave anew, the
/// partner may know what another version did.
bool Judge::is_worth(const WindowId& window, std::int64_t points) const {
  const auto sent =
      std::ranges::find(history_.enrolments, window.text(), &audit::Enrolment::window_id);
  if (sent == history_.enrolments.end()) return run_.has_restored();
  if (was_given_anew(window)) return true;
  return points == rules_at(run_.world(), sent->rules).points;
}

}  // namespace thaw
