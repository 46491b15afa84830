#include "sim/campaign/check_outcomes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "domain/keys.h"
#include "sim/campaign/recorded.h"

namespace thaw {
namespace {

using Names = std::vector<std::string>;

/// "fl/{file}…": what stands before the line's number, the same for all lines of the file.
std::string file_lines_of_key(const std::string& key) {
  return key.substr(0, key.rfind('\x1f') + 1);
}

class OutcomeCheck {
 public:
  OutcomeCheck(const World& world, const Complain& complain) : world_(world), complain_(complain) {}

  void read(const LogRecord& record) {
    for (const RowWrite& row : record.rows) {
      if (row.key.starts_with("m/")) read_member(row);
      if (row.key.starts_with("l/")) read_line(row);
    }
    for (const Event& event : record.events) read(event);
    // Of the same record, once all that it says of lines is known.
    for (const RowWrite& row : record.rows) {
      if (row.key.starts_with("fl/")) read_file_line(row, record);
      if (row.key.starts_with("f/")) read_file(row);
    }
  }

  void check_answers(const std::vector<ToldOutcome>& told) {
    std::map<std::string, Names> told_of;
    for (const ToldOutcome& answer : told) {
      told_of[name_line(world_.history.lines[answer.line])].push_back(answer.outcome);
    }
    for (const auto& [name, answers] : told_of) check_answers_of(name, answers);
  }

  void check_rest() {
    for (const auto& [key, row] : lines_) {
      const auto member = members_.find(member_of_line_key(key).text());
      if (member != members_.end()) check_enrolments_of(row, member->second);
    }
  }

 private:
  void read_member(const RowWrite& row) {
    auto member = row.value ? decode<Member>(*row.value) : std::nullopt;
    if (member) members_[member->id.text()] = std::move(*member);
  }

  void read_line(const RowWrite& row) {
    auto line = row.value ? decode<LineRow>(*row.value) : std::nullopt;
    if (!line) return void(lines_.erase(row.key));
    check_best(row.key, *line);
    const bool is_new = !lines_.contains(row.key);
    if (is_new) note(name_line(line->line, member_of_line_key(row.key)), line->outcome);
    lines_[row.key] = std::move(*line);
  }

  void read(const Event& event) {
    const auto* facts = std::get_if<LineEventFacts>(&event.facts);
    if (!facts) return;
    if (event.type == EventType::line_rejected && facts->line) {
      note(name_line(*facts->line, event.member), facts->outcome);
    }
    const auto row = lines_.find(facts->line_key);
    if (event.type == EventType::line_repeated && row != lines_.end()) {
      note(name_line(row->second.line, event.member), Placed::duplicate);
    }
  }

  void note(const std::string& name, Placed outcome) {
    moments_[name].emplace_back(to_string(outcome));
  }

  void check_best(const std::string& key, const LineRow& row) {
    std::string_view best;
    for (const LinePlacement& placement : row.placements) {
      best = audit::better_of(best, to_string(placement.placed));
    }
    const bool is_nobodys = row.outcome == Placed::kept ||  // a conflict is one without a window
                            row.outcome == Placed::held_identity_conflict;
    if (best.empty() ? is_nobodys : best == to_string(row.outcome)) return;
    complain_(fmt::format("{}: its outcome is {}, the best of its placements {}",
                          name_line(row.line, member_of_line_key(key)), to_string(row.outcome),
                          best.empty() ? "none" : best));
  }

  void check_enrolments_of(const LineRow& row, const Member& member) {
    std::vector<std::int64_t> wanted;
    for (std::size_t i = 0; i < member.enrolments.size(); ++i) {
      if (member.enrolments[i].state == EnrolmentState::cancelled) continue;
      wanted.push_back(static_cast<std::int64_t>(i));
    }
    std::vector<std::int64_t> placed;
    for (const LinePlacement& placement : row.placements) placed.push_back(placement.enrolment);
    if (placed == wanted) return;
    complain_(fmt::format("{}: {} placements for {} enrolments", name_line(row.line, member.id),
                          placed.size(), wanted.size()));
  }

  /// An answer may have been lost after its write, and a write been made by thaw itself (a line
  /// that moves to its record's holder); the answers that were given stand in the log, in their
  /// order.
  void check_answers_of(const std::string& name, const Names& answers) {
    const Names& moments = moments_[name];
    auto moment = moments.begin();
    for (const std::string& answer : answers) {
      moment = std::find(moment, moments.end(), answer);
      if (moment == moments.end()) {
        return complain_(
            fmt::format("{}: answered {}, the log says {}", name, show(answers), show(moments)));
      }
      ++moment;
    }
  }

  static std::string show(const Names& names) {
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
  }

  /// What a file's line is noted as is what has become of it in the same record.
  void read_file_line(const RowWrite& write, const LogRecord& record) {
    const auto line = write.value ? decode<FileLine>(*write.value) : std::nullopt;
    if (!line) return;
    file_lines_[file_lines_of_key(write.key)][line->line_number].emplace(line->outcome);
    const auto row = lines_.find(line->line_key);
    if (row != lines_.end() ? row->second.outcome == line->outcome : is_told(*line, record)) return;
    complain_(fmt::format("line {} of a file, {}, is noted as {}, its row says {}",
                          line->line_number, line->txn_id, to_string(line->outcome),
                          row != lines_.end() ? to_string(row->second.outcome) : "otherwise"));
  }

  /// Of one that nobody holds the event says what it is.
  static bool is_told(const FileLine& line, const LogRecord& record) {
    return std::ranges::any_of(record.events, [&](const Event& event) {
      const auto* facts = std::get_if<LineEventFacts>(&event.facts);
      return facts && facts->outcome == line.outcome && facts->line_key == line.line_key;
    });
  }

  /// A line may have been placed anew before its file was through (its reference was claimed), and
  /// then is counted as either.
  void read_file(const RowWrite& row) {
    const auto file = row.value ? decode<SettlementFile>(*row.value) : std::nullopt;
    if (!file || file->status != FileStatus::applied) return;
    std::map<Placed, std::int64_t> surely;
    std::map<Placed, std::int64_t> perhaps;
    for (const auto& [number, outcomes] : file_lines_[keys::file_lines_of(file->id)]) {
      for (const Placed outcome : outcomes) {
        ++perhaps[outcome];
        if (outcomes.size() == 1) ++surely[outcome];
      }
    }
    std::map<Placed, std::int64_t> counted;
    for (const OutcomeCount& count : file->outcomes) counted[count.placed] = count.records;
    for (const auto& [outcome, most] : perhaps) {
      compare(*file, outcome, counted[outcome], surely[outcome], most);
    }
    for (const auto& [outcome, records] : counted) {
      if (!perhaps.contains(outcome)) compare(*file, outcome, records, 0, 0);
    }
  }

  void compare(const SettlementFile& file, Placed outcome, std::int64_t counted, std::int64_t least,
               std::int64_t most) {
    if (counted >= least && counted <= most) return;
    complain_(fmt::format("{}: it counts {} of its records as {}, the log has {} to {}",
                          file.provider_file_id, counted, to_string(outcome), least, most));
  }

  const World& world_;
  const Complain& complain_;
  std::map<std::string, Member> members_;
  std::map<std::string, LineRow> lines_;  // by key, as the log has them by now
  std::map<std::string, Names> moments_;  // by a line's name: how it was placed when it came
  // By the key of its lines, by line: what each was noted as.
  std::map<std::string, std::map<std::int64_t, std::set<Placed>>> file_lines_;
};

}  // namespace

void check_outcomes(const std::vector<LogRecord>& log, const World& world,
                    const std::vector<ToldOutcome>& told, const Complain& complain) {
  OutcomeCheck check(world, complain);
  for (const LogRecord& record : log) check.read(record);
  check.check_answers(told);
  check.check_rest();
}

}  // namespace thaw
