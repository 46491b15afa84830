// What a failing seed shows of a window that is not as it should be.

#include <fmt/format.h>

#include "sim/campaign/judge.h"

namespace thaw {

/// For whoever looks for the fault: all lines of a window that is not as it should be.
void Judge::trace_lines(std::size_t enrolment, const Decision& decision, const First& first) {
  const std::map<std::string, Stand> stands = read_stands(decision);
  const auto groups = group_alike(history_, first.expected, first.is_taken_in, stands);
  std::string table = show_lines(history_, groups);
  for (std::size_t line = 0; line < history_.lines.size(); ++line) {
    const audit::Line& one = history_.lines[line];
    const bool is_own = !first.expected.placed[line].empty() && first.is_taken_in(line);
    if (is_own || !stands.contains(name_line(one))) continue;
    table += fmt::format("\n{} {}: not its own, {}", show_line(one), one.reference,
                         whereabouts_.show(line));
  }
  run_.trace("the lines of " + history_.enrolments[enrolment].window_id + table);
}

/// For whoever looks for the fault: where the auditor places all lines that ever came.
void Judge::trace_all(const audit::Expected& all, const Totals& is) {
  std::string table = fmt::format(
      ": instant {} settled {} withdrawn {}, held could add {} take {} withdraw {} return {}",
      is.instant.units(), is.settled.units(), is.withdrawn.units(), is.could_add.units(),
      is.could_take.units(), is.could_withdraw.units(), is.could_return.units());
  for (std::size_t line = 0; line < all.placed.size(); ++line) {
    if (all.placed[line].empty()) continue;
    table += fmt::format("\n{} {}: {} {}", show_line(history_.lines[line]), whereabouts_.show(line),
                         all.placed[line], all.counted[line]);
  }
  run_.trace("all lines" + table);
}

}  // namespace thaw
