#include "app/api/api.h"

#include <algorithm>

namespace thaw::api {
namespace {

/// The captured segments, or nothing if the path is another one.
std::optional<std::vector<std::string>> match(const Route& route, const HttpRequest& request) {
  if (route.path.size() != request.segments.size()) return std::nullopt;
  std::vector<std::string> captured;
  for (std::size_t i = 0; i < route.path.size(); ++i) {
    if (route.path[i] == "*") {
      captured.push_back(request.segments[i]);
    } else if (route.path[i] != request.segments[i]) {
      return std::nullopt;
    }
  }
  return captured;
}

}  // namespace

Api::Api(Context context) : context_(std::move(context)) {
  for (const auto& routes : {campaign_routes(), enrolment_routes(), member_routes(),
                             webhook_routes(), verdict_routes()}) {
    routes_.insert(routes_.end(), routes.begin(), routes.end());
  }
}

void Api::handle(HttpRequest request, Reply reply) {
  std::string allowed;
  for (const Route& route : routes_) {
    auto captured = match(route, request);
    if (!captured) continue;
    if (route.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    Actor actor;
    if (!route.roles.empty()) {
      auto found = context_.authenticate(request);
      if (auto* refusal = std::get_if<HttpResponse>(&found)) return reply(std::move(*refusal));
      actor = std::move(std::get<Actor>(found));
      if (!actor.has(route.roles)) {
        return reply(make_problem(403, "forbidden", "this key's roles do not allow the call",
                                  request.request_id));
      }
    }
    return route.handle(std::make_shared<Call>(Call{context_, std::move(request), std::move(actor),
                                                    std::move(*captured), std::move(reply)}));
  }
  if (allowed.empty()) {
    return reply(make_problem(404, "no_such_path", request.path, request.request_id));
  }
  HttpResponse refused =
      make_problem(405, "method_not_allowed", "allowed: " + allowed, request.request_id);
  refused.headers.add("Allow", allowed);
  reply(std::move(refused));
}

}  // namespace thaw::api
