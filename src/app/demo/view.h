#pragma once

#include <iosfwd>
#include <string>

#include "base/instant.h"

namespace thaw::demo {

/// Where the month stands after a day.
struct DaySight {
  Instant at;
  std::int64_t enrolled = 0;
  std::int64_t events = 0;
  std::int64_t files = 0;
  std::int64_t verdicts = 0;
  std::int64_t issued = 0;
};

/// Shows progress: one line that is written over on a terminal, else a line a day.
class View {
 public:
  View(std::ostream& out, bool is_terminal, bool has_colours)
      : out_(out), is_terminal_(is_terminal), has_colours_(has_colours) {}

  void day(const DaySight& sight);
  /// A line that stays.
  void note(const std::string& text);
  void finish();

 private:
  std::string paint(const char* code, const std::string& text) const;

  std::ostream& out_;
  bool is_terminal_;
  bool has_colours_;
  bool has_open_line_ = false;
};

/// "Easter Sunday, the day has 25 hours": what is special about a day, or nothing.
const char* remark_on(CivilDate day);

}  // namespace thaw::demo
