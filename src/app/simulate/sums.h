#pragma once

#include <string>
#include <vector>

#include "adapters/json/json.h"
#include "sim/campaign/campaign_sim.h"

namespace thaw {

/// What many seeds came to.
struct SimSums {
  std::int64_t seeds = 0;
  SimReport of;  // the sums; its seed and violations are of no use here
};

void add(SimSums& sums, const SimReport& report);

/// In lines for a person: all promises were held.
std::string show(const SimSums& sums);
/// A line: windows and faults a minute of processor time. `minutes`: spent.
std::string show_rate(const SimSums& sums, double minutes);

Json to_json(const SimSums& sums);
Json to_array(const std::vector<std::string>& texts);

}  // namespace thaw
