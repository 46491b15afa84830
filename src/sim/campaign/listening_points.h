#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "sim/points/sim_points.h"

namespace thaw {

/// The partner with somebody who listens in to each call and its answer.
class ListeningPoints final : public Points {
 public:
  /// Told of each call as it is over. `is_lost`: the partner acted, and its answer does not say so.
  using Hear = std::function<void(const char* call, std::string_view key,
                                  const PointsAnswer& answer, bool is_lost)>;

  ListeningPoints(SimPoints& partner, Hear hear) : partner_(partner), hear_(std::move(hear)) {}

  PointsAnswer issue(const PointsIssueRequest& request) override {
    return listen("issue", request.idempotency_key, partner_.issue(request));
  }
  PointsAnswer find(std::string_view key) override {
    return listen("ask for", key, partner_.find(key));
  }
  PointsAnswer reverse(std::string_view key) override {
    return listen("reverse", key, partner_.reverse(key));
  }
  Result<PointsPage> list(Instant from, Instant to, std::string_view cursor) override {
    return partner_.list(from, to, cursor);
  }

 private:
  PointsAnswer listen(const char* call, std::string_view key, PointsAnswer answer) {
    const bool is_lost = partner_.lost_answers() > std::exchange(lost_, partner_.lost_answers());
    hear_(call, key, answer, is_lost);
    return answer;
  }

  SimPoints& partner_;
  Hear hear_;
  std::int64_t lost_ = 0;  // answers, before the call at hand
};

}  // namespace thaw
