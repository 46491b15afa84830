#include "app/demo/desk.h"

#include <fmt/format.h>

namespace thaw::demo {

std::vector<Answer> Desk::send(Instant at, const std::vector<HttpCallRequest>& requests, int wanted,
                               const std::function<void()>& on_answer) {
  for (const HttpCallRequest& request : requests) log_.write(at, request);
  std::vector<Answer> answers = stage_.server().send_all(requests, on_answer);
  figures_.requests += static_cast<std::int64_t>(requests.size());
  if (wanted == 0) return answers;
  for (std::size_t i = 0; i < requests.size(); ++i) expect(requests[i], answers[i], wanted);
  return answers;
}

bool Desk::expect(const HttpCallRequest& request, const Answer& answer, int wanted) {
  if (answer.status == wanted) return true;
  ++surprise_count_;
  if (surprises_.size() < kExamplesAtMost) {
    surprises_.push_back(fmt::format("{} {} {:.200}: {} instead of {}: {:.300}", request.method,
                                     request.target, request.body, answer.status, wanted,
                                     answer.body));
  }
  return false;
}

std::map<std::string, std::int64_t> count_outcomes(const std::string& body) {
  static constexpr std::string_view kKey = R"("outcome":")";
  std::map<std::string, std::int64_t> counts;
  for (std::size_t at = body.find(kKey); at != std::string::npos; at = body.find(kKey, at)) {
    at += kKey.size();
    ++counts[body.substr(at, body.find('"', at) - at)];
  }
  return counts;
}

}  // namespace thaw::demo
