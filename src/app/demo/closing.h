#pragma once

#include <iosfwd>

#include "app/demo/audit.h"
#include "app/demo/demo.h"
#include "app/demo/findings.h"
#include "app/demo/population.h"
#include "app/demo/stage.h"

namespace thaw::demo {

/// What is told at the end.
struct Closing {
  const DemoOptions& options;
  const Stage& stage;
  const Population& population;
  const Results& results;
  const Findings& findings;
  const Figures& figures;
  std::int64_t took_ms = 0;
  std::string stop_command;  // empty: nothing is left running
  bool has_colours = false;
};

void print_table(const Closing& closing, std::ostream& out);
void print_json(const Closing& closing, std::ostream& out);

/// FOLDER/README.txt and FOLDER/resend.sh: what lies where, and how to send it again by hand.
Status leave_notes(const Closing& closing);

}  // namespace thaw::demo
