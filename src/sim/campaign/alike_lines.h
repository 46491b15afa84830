#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/auditor/auditor.h"

namespace thaw {

/// Where thaw has a line, in SPEC's words, and what of it counts.
struct Stand {
  std::string placed;
  std::int64_t counted = 0;
};

/// Lines that are alike to the rules, and where they stand: which of two equal lines of one
/// identity carries it is open, so that they are compared together.
struct AlikeLines {
  std::vector<std::size_t> lines;  // of the history
  std::multiset<std::pair<std::string, std::int64_t>> placed;
  std::multiset<std::pair<std::string, std::int64_t>> wanted;
};

/// The lines taken in of which the auditor says something; `stands` is by name (`name_line`).
std::vector<AlikeLines> group_alike(const audit::History& history, const audit::Expected& expected,
                                    const audit::IsTakenIn& is_taken_in,
                                    const std::map<std::string, Stand>& stands);

/// "counted 5000, duplicate".
std::string show(const std::multiset<std::pair<std::string, std::int64_t>>& placed);

/// All that is known of a line, for whoever looks for the fault.
std::string show_line(const audit::Line& line);

/// A table of the lines: where they are, and where they should be.
std::string show_lines(const audit::History& history, const std::vector<AlikeLines>& groups);

}  // namespace thaw
