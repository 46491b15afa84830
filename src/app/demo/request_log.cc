#include "app/demo/request_log.h"

#include <fmt/format.h>

#include "adapters/json/json.h"
#include "app/demo/schedule.h"

namespace thaw::demo {

std::string RequestLog::day_name(Instant at) {
  return fmt::format("day-{:02}", (at - month_begins()).ms / Duration::days(1).ms + 1);
}

void RequestLog::write(Instant at, const HttpCallRequest& request) {
  const std::string day = day_name(at);
  if (day != open_day_) {
    file_ = std::ofstream(folder_ / (day + ".ndjson"), std::ios::app);
    open_day_ = day;
  }
  Json headers = Json::object();
  for (const auto& [name, value] : request.headers) headers.set(name, value);
  Json line = Json::object();
  line.set("at", to_rfc3339(at)).set("method", request.method).set("target", request.target);
  line.set("headers", headers).set("body", request.body);
  file_ << line.dump() << '\n';
}

void RequestLog::write_first_delivery(Instant at, const std::string& body) const {
  const auto path = folder_ / (day_name(at) + "-first.json");
  std::error_code error;
  if (!std::filesystem::exists(path, error)) std::ofstream(path) << body;
}

}  // namespace thaw::demo
