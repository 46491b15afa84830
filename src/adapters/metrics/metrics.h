#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace thaw {

/// One figure at the moment of a scrape.
struct MetricSample {
  std::string name;  // "thaw_journal_records_total"
  std::string help;
  bool is_counter = false;  // else a gauge
  std::int64_t value = 0;
  std::vector<std::pair<std::string, std::string>> labels;
};

/// Prometheus text exposition format 0.0.4. Samples of one name follow one another.
std::string render_metrics(const std::vector<MetricSample>& samples);

}  // namespace thaw
