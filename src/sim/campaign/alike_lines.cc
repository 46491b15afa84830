#include "sim/campaign/alike_lines.h"

#include <fmt/format.h>

#include "sim/campaign/recorded.h"

namespace thaw {
namespace {

std::string show_time(const audit::Stated& time) {
  return time.date ? to_string(*time.date) : time.instant ? to_rfc3339(*time.instant) : "-";
}

/// All that the rules see of a line, but not in which file it stood. Equal ones without an id of
/// their own are told apart by made-up ids alone, which are nobody's business.
std::string name_content(const audit::Line& line) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {}{} {}", line.provider, line.kind,
                     line.has_own_id ? line.txn_id : "", line.by_file, line.rail, line.currency,
                     line.minor.value_or(-1), show_time(line.made_at), show_time(line.settled_at),
                     line.member, line.reference, line.reverses);
}

/// What a line adds to a total.
std::int64_t in_total(const std::string& placed, std::int64_t counted) {
  return placed == "counted" || placed == "recovered" ? counted : 0;
}

}  // namespace

std::vector<AlikeLines> group_alike(const audit::History& history, const audit::Expected& expected,
                                    const audit::IsTakenIn& is_taken_in,
                                    const std::map<std::string, Stand>& stands) {
  std::map<std::string, AlikeLines> groups;
  for (std::size_t i = 0; i < history.lines.size(); ++i) {
    const std::string& wanted = expected.placed[i];
    if (wanted.empty() || wanted.starts_with("rejected")) continue;
    if (!is_taken_in(i)) continue;
    const auto found = stands.find(name_line(history.lines[i]));
    const Stand stand = found == stands.end() ? Stand{"not there", 0} : found->second;
    AlikeLines& group = groups[name_content(history.lines[i])];
    group.lines.push_back(i);
    group.placed.emplace(stand.placed, in_total(stand.placed, stand.counted));
    group.wanted.emplace(wanted, in_total(wanted, expected.counted[i]));
  }
  std::vector<AlikeLines> list;
  for (auto& [content, group] : groups) list.push_back(std::move(group));
  return list;
}

std::string show(const std::multiset<std::pair<std::string, std::int64_t>>& placed) {
  std::string text;
  for (const auto& [name, counted] : placed) {
    text += (text.empty() ? "" : ", ") + name;
    if (counted != 0) text += fmt::format(" {}", counted);
  }
  return text;
}

std::string show_line(const audit::Line& line) {
  return fmt::format("  #{} {} {:<10} {:<10} {:<13} {} {:>6} made {:<24} settled {:<24} {} {}",
                     line.sequence, line.provider, line.kind, line.has_own_id ? line.txn_id : "-",
                     line.rail, line.currency, line.minor.value_or(-1), show_time(line.made_at),
                     show_time(line.settled_at), line.by_file ? line.file_id : "", line.reverses);
}

std::string show_lines(const audit::History& history, const std::vector<AlikeLines>& groups) {
  std::string table;
  for (const AlikeLines& group : groups) {
    for (const std::size_t line : group.lines) {
      table += fmt::format("\n{}: {}", show_line(history.lines[line]), show(group.placed));
      if (group.placed != group.wanted) table += ", not " + show(group.wanted);
    }
  }
  return table;
}

}  // namespace thaw
