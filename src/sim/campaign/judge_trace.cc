// What a failing seed shows of a window that is not as it should be.

#include <fmt/format.h>

#include "sim/campaign/judge.h"

namespace thaw {

/// For whoever looks for the fault: all lines of a window that is not as it should be.
void Judge::trace_lines(std::size_t enrolment, const Decision& decision, const First& first) {
  std::string table;
  for (const LineGroup& group :
       group_lines(history_, first.expected, first.is_taken_in, read_stands(decision))) {
    for (const std::size_t line : group.lines) {
      table += fmt::format("\n{}: {}", show_line(line), show(group.placed));
      if (group.placed != group.wanted) table += ", not " + show(group.wanted);
    }
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
    table += fmt::format("\n{} known {}: {} {}", show_line(line),
                         known_at_[line] ? to_rfc3339(*known_at_[line]) : "never", all.placed[line],
                         all.counted[line]);
  }
  run_.trace("all lines" + table);
}

std::string Judge::show_line(std::size_t line) const {
  const audit::Line& one = history_.lines[line];
  const auto show = [](const audit::Stated& time) {
    return time.date ? to_string(*time.date) : time.instant ? to_rfc3339(*time.instant) : "-";
  };
  return fmt::format("  #{} {} {:<10} {:<10} {:<13} {} {:>6} made {:<24} settled {:<24} {} {}",
                     one.sequence, one.provider, one.kind, one.txn_id, one.rail, one.currency,
                     one.minor.value_or(-1), show(one.made_at), show(one.settled_at),
                     one.by_file ? one.file_id : "", one.reverses);
}

}  // namespace thaw
