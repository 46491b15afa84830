#include "sim/campaign/check_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "domain/keys.h"
#include "sim/campaign/alike_lines.h"
#include "sim/campaign/recorded.h"

namespace thaw {
namespace {

using Stands = std::map<std::string, Stand>;

Stands read_stands(const std::map<std::string, LineRow>& lines, const MemberId& member,
                   std::int64_t enrolment) {
  Stands stands;
  for (const auto& [key, row] : lines) {
    for (const LinePlacement& placement : row.placements) {
      if (placement.enrolment != enrolment) continue;
      stands[name_line(row.line, member)] = {std::string(to_string(placement.placed)),
                                             placement.counted.units()};
    }
  }
  return stands;
}

class ProgressCheck {
 public:
  ProgressCheck(const audit::History& history, const Complain& complain, const Complain& trace)
      : history_(history), complain_(complain), trace_(trace) {
    for (std::size_t i = 0; i < history_.lines.size(); ++i) {
      numbers_[name_line(history_.lines[i])] = i;
    }
    for (std::size_t i = 0; i < history_.enrolments.size(); ++i) {
      enrolments_[history_.enrolments[i].window_id] = i;
    }
  }

  void read(const LogRecord& record) {
    for (const Event& event : record.events) {
      const auto* facts = std::get_if<DecisionFacts>(&event.facts);
      if (facts && facts->revision == 1) check_standing(event);
      if (facts && facts->revision > 1) check_revision(event, *facts, record);
    }
    for (const RowWrite& row : record.rows) take(row);
  }

 private:
  void take(const RowWrite& row) {
    if (row.key.starts_with("m/")) {
      if (auto member = row.value ? decode<Member>(*row.value) : std::nullopt) {
        members_[member->id.text()] = std::move(*member);
      }
    } else if (row.key.starts_with("dl/")) {
      if (auto lines = row.value ? decode<DecisionLines>(*row.value) : std::nullopt) {
        decision_lines_[row.key] = std::move(*lines);
      }
    } else if (row.key.starts_with("l/")) {
      auto& lines = lines_[member_of_line_key(row.key).text()];
      auto line = row.value ? decode<LineRow>(*row.value) : std::nullopt;
      if (line) lines[row.key] = std::move(*line);
      if (!line) lines.erase(row.key);
    }
  }

  /// What the auditor says of all lines that the member has by now.
  audit::Expected expect(std::size_t enrolment, const MemberId& member) {
    taken_.clear();
    for (const auto& [key, row] : lines_[member.text()]) {
      const auto number = numbers_.find(name_line(row.line, member));
      if (number != numbers_.end()) taken_.insert(number->second);
    }
    return audit::expect(history_, enrolment, is_taken_in_);
  }

  void check_standing(const Event& event) {
    const auto number = enrolments_.find(event.window.text());
    const Member& member = members_[event.member.text()];
    if (number == enrolments_.end() || member.is_settling) return;
    for (std::size_t i = 0; i < member.enrolments.size(); ++i) {
      if (member.enrolments[i].id != event.window) continue;
      const audit::Expected expected = expect(number->second, event.member);
      compare(event.window.text() + ", shown before its verdict", expected,
              read_stands(lines_[event.member.text()], event.member, static_cast<std::int64_t>(i)),
              member.enrolments[i].totals);
      check_outcomes(event.window.text() + ", over all enrolments", member);
    }
  }

  /// The one outcome of each line (SPEC §2.4, end), while no verdict holds lines back.
  void check_outcomes(const std::string& name, const Member& member) {
    audit::Expected best;
    best.placed.resize(history_.lines.size());
    best.counted.resize(history_.lines.size());
    for (const Enrolment& enrolment : member.enrolments) {
      if (enrolment.state == EnrolmentState::decided) return;
      if (enrolment.state == EnrolmentState::cancelled) continue;
      const auto number = enrolments_.find(enrolment.id.text());
      if (number == enrolments_.end()) return;
      const audit::Expected one = audit::expect(history_, number->second, is_taken_in_);
      for (std::size_t i = 0; i < one.placed.size(); ++i) {
        best.placed[i] = audit::better_of(best.placed[i], one.placed[i]);
      }
    }
    Stands stands;
    for (const auto& [key, row] : lines_[member.id.text()]) {
      stands[name_line(row.line, member.id)] = {std::string(to_string(row.outcome)), 0};
    }
    compare_lines(name, best, stands);
  }

  /// One that ends a review is about the lines of before: not asked here.
  void check_revision(const Event& event, const DecisionFacts& facts, const LogRecord& record) {
    const auto number = enrolments_.find(event.window.text());
    std::optional<Decision> decision;
    for (const RowWrite& row : record.rows) {
      const bool is_it = row.key == keys::decision(event.window, facts.revision);
      if (is_it && row.value) decision = decode<Decision>(*row.value);
      if (row.key.starts_with("dl/")) take(row);
    }
    if (number == enrolments_.end() || !decision || decision->cut.arrivals == 0) return;
    const audit::Expected expected = expect(number->second, event.member);
    const std::string name = fmt::format("{}, revision {}", event.window.text(), facts.revision);
    compare(name, expected, read_lines(*decision), decision->totals);
    if (to_string(decision->verdict.outcome) != expected.outcome) {
      complain_(fmt::format("{}: {}, the auditor says {} ({})", name,
                            to_string(decision->verdict.outcome), expected.outcome,
                            expected.reason));
    }
  }

  Stands read_lines(const Decision& decision) {
    Stands stands;
    for (std::int64_t chunk = 0; chunk < decision.line_chunks; ++chunk) {
      for (const DecisionLine& line :
           decision_lines_[keys::decision_lines(decision.window, decision.revision, chunk)].lines) {
        stands[name_line(line.line, decision.member)] = {std::string(to_string(line.placed)),
                                                         line.counted.units()};
      }
    }
    return stands;
  }

  void compare(const std::string& name, const audit::Expected& expected, const Stands& stands,
               const Totals& totals) {
    compare_lines(name, expected, stands);
    const audit::Totals& wanted = expected.totals;
    if (totals.instant.units() == wanted.instant && totals.settled.units() == wanted.settled &&
        totals.withdrawn.units() == wanted.withdrawn) {
      return;
    }
    complain_(fmt::format("{}: instant {} settled {} withdrawn {}, the auditor says {} {} {}", name,
                          totals.instant.units(), totals.settled.units(), totals.withdrawn.units(),
                          wanted.instant, wanted.settled, wanted.withdrawn));
  }

  void compare_lines(const std::string& name, const audit::Expected& expected,
                     const Stands& stands) {
    const auto groups = group_alike(history_, expected, is_taken_in_, stands);
    const auto is_right = [](const AlikeLines& group) { return group.placed == group.wanted; };
    if (!std::ranges::all_of(groups, is_right)) {
      trace_("the lines of " + name + show_lines(history_, groups));
    }
    for (const AlikeLines& group : groups) {
      if (is_right(group)) continue;
      complain_(fmt::format("{}: {} is {}, the auditor says {}", name,
                            name_line(history_.lines[group.lines.front()]), show(group.placed),
                            show(group.wanted)));
    }
  }

  const audit::History& history_;
  const Complain& complain_;
  const Complain& trace_;
  std::map<std::string, std::size_t> numbers_;     // of lines, by name
  std::map<std::string, std::size_t> enrolments_;  // by window
  std::map<std::string, Member> members_;
  std::map<std::string, std::map<std::string, LineRow>> lines_;  // by member, by key
  std::map<std::string, DecisionLines> decision_lines_;
  std::set<std::size_t> taken_;
  const audit::IsTakenIn is_taken_in_ = [this](std::size_t line) { return taken_.contains(line); };
};

}  // namespace

void check_progress(const std::vector<LogRecord>& log, const audit::History& history,
                    const Complain& complain, const Complain& trace) {
  ProgressCheck check(history, complain, trace);
  for (const LogRecord& record : log) check.read(record);
}

}  // namespace thaw
