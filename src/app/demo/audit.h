#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/demo/expectation.h"
#include "app/demo/findings.h"
#include "app/demo/population.h"
#include "app/demo/stage.h"

namespace thaw::demo {

/// What became of the members, as the server says.
struct Results {
  std::int64_t enrolled = 0;
  std::map<std::string, std::int64_t> outcomes;
  std::map<std::string, std::int64_t> reasons;  // "not_qualified below_threshold"
  std::map<std::string, std::int64_t> causes;   // of refusals, by the true lives
  std::int64_t waited_for_files = 0;
  std::int64_t short_of_a_file = 0;  // in review for a while
  std::int64_t revisions_proposed = 0;
  std::int64_t issued = 0;
  std::int64_t points_issued = 0;
  std::string member_to_look_at;
  std::string window_to_look_at;
};

/// Compares the server's verdicts, totals, rewards and cases, and the partner's own ledger, with
/// what is expected of each life. Fails only if something cannot be read.
Result<Results> audit(Stage& stage, const Population& population, Findings& findings);

}  // namespace thaw::demo
