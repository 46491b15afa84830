#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/demo/findings.h"
#include "app/demo/request_log.h"
#include "app/demo/stage.h"

namespace thaw::demo {

/// Where everything goes out: written to disk, sent, counted, and each status compared with the one
/// that is due.
class Desk {
 public:
  explicit Desk(Stage& stage) : stage_(stage), log_(stage.folder() / "requests") {}

  std::vector<Answer> send(Instant at, const std::vector<HttpCallRequest>& requests, int wanted,
                           const std::function<void()>& on_answer = {});
  /// Compares one answer; what differs is kept as an example.
  bool expect(const HttpCallRequest& request, const Answer& answer, int wanted);

  Stage& stage() { return stage_; }
  RequestLog& log() { return log_; }
  Figures& figures() { return figures_; }
  const std::vector<std::string>& surprises() const { return surprises_; }
  std::int64_t surprise_count() const { return surprise_count_; }

 private:
  Stage& stage_;
  RequestLog log_;
  Figures figures_;
  std::vector<std::string> surprises_;
  std::int64_t surprise_count_ = 0;
};

/// `{"results":[{"id":…,"outcome":"counted"},…]}`: how often each outcome stands there.
std::map<std::string, std::int64_t> count_outcomes(const std::string& body);

}  // namespace thaw::demo
