#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "application/ports/http.h"
#include "base/instant.h"

namespace thaw::demo {

/// Leaves what was sent on disk: requests/day-09.ndjson, a line each, and the body of each day's
/// first webhook delivery as a file of its own. Day 1 is 1 March.
class RequestLog {
 public:
  explicit RequestLog(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void write(Instant at, const HttpCallRequest& request);
  void write_first_delivery(Instant at, const std::string& body) const;

  static std::string day_name(Instant at);

 private:
  std::filesystem::path folder_;
  std::string open_day_;
  std::ofstream file_;
};

}  // namespace thaw::demo
