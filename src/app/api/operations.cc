#include "app/api/openapi.h"
#include "app/api/routes.h"

namespace thaw::api {
namespace {

void get_health(const CallPtr& call) {
  const Health health = call->context.health();
  const Json body = Json::object().set("status", health.is_live ? "ok" : "failed");
  if (health.is_live) return call->answer(200, body);
  call->fail(503, "unavailable", health.detail);
}

void get_readiness(const CallPtr& call) {
  const Health health = call->context.health();
  if (health.is_live && health.is_ready) {
    return call->answer(200, Json::object().set("status", "ready"));
  }
  call->fail(503, "unavailable", health.detail);
}

void get_metrics(const CallPtr& call) {
  HttpResponse response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = call->context.metrics();
  call->reply(std::move(response));
}

void get_openapi(const CallPtr& call) {
  HttpResponse response;
  response.headers.add("Content-Type", "application/json");
  response.body = kOpenApi;
  call->reply(std::move(response));
}

void get_clock(const CallPtr& call) {
  if (!call->context.move_clock) return call->fail(404, "clock_not_manual", "no --clock manual");
  call->answer(200, Json::object().set("now", to_rfc3339(call->context.now())));
}

/// Where the clock is to stand: `now`, or the present and `advance`.
std::optional<Instant> read_target(BodyReader& body, Instant present) {
  const auto now = body.instant("now");
  const auto advance = body.duration("advance");
  if (now.has_value() == advance.has_value()) body.fault("now", "either now or advance");
  return now ? now : std::optional(present + advance.value_or(Duration{}));
}

void post_clock(const CallPtr& call) {
  if (!call->context.move_clock) return call->fail(404, "clock_not_manual", "no --clock manual");
  auto parsed = parse_object(call->request);
  if (auto* problem = std::get_if<HttpResponse>(&parsed)) return call->reply(std::move(*problem));
  BodyReader body(std::get<Json>(parsed));
  const auto target = read_target(body, call->context.now());
  const auto faults = body.finish();
  if (!faults.empty()) return call->fail(422, "invalid", "the clock's move is not valid", faults);
  const auto done = [call](const ClockMoved& moved) {
    Json json = Json::object().set("now", to_rfc3339(moved.now));
    if (!moved.is_settled) json.set("progress", moved.waits_for);
    call->answer(moved.is_settled ? 200 : 202, json);
  };
  if (call->context.move_clock(*target, done)) return;
  call->fail(409, "clock_moves_forward_only", "it is " + to_rfc3339(call->context.now()));
}

}  // namespace

std::vector<Route> operation_routes() {
  return {{"GET", {"healthz"}, {}, get_health},
          {"GET", {"readyz"}, {}, get_readiness},
          {"GET", {"metrics"}, {}, get_metrics},
          {"GET", {"openapi.json"}, {}, get_openapi},
          {"GET", {"v1", "clock"}, {Role::ops}, get_clock},
          {"POST", {"v1", "clock"}, {Role::ops}, post_clock}};
}

}  // namespace thaw::api
