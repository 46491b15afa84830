#pragma once

#include <string_view>
#include <variant>

#include "application/ports/http.h"
#include "application/ports/points.h"

namespace thaw {

enum class PointsCall { issue, find, reverse };

/// What an HTTP answer, or none, means for a reward: the table of SPEC §2.7. Pure.
PointsAnswer judge_points_answer(PointsCall call, std::string_view idempotency_key,
                                 const std::variant<HttpResponse, HttpCallError>& got, Instant now);

}  // namespace thaw
