#include "app/api/api.h"

#include <algorithm>

namespace thaw::api {
namespace {

constexpr std::uint64_t kUploadBytesMax = 8ULL << 30;

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

/// True for a body that would have to be unpacked first.
bool is_packed(const HttpRequest& head) {
  constexpr std::string_view kIdentity = "identity";
  const auto encoding = head.headers.find("Content-Encoding");
  const auto is_same = [](char a, char b) { return (a | 0x20) == b; };
  return encoding && !std::equal(encoding->begin(), encoding->end(), kIdentity.begin(),
                                 kIdentity.end(), is_same);
}

}  // namespace

std::vector<Route> all_routes() {
  std::vector<Route> all;
  for (const auto& routes :
       {campaign_routes(), enrolment_routes(), member_routes(), webhook_routes(), verdict_routes(),
        list_routes(), mending_routes(), file_routes(), operation_routes()}) {
    all.insert(all.end(), routes.begin(), routes.end());
  }
  return all;
}

Api::Api(Context context) : context_(std::move(context)), routes_(all_routes()) {}

Api::Found Api::find_route(const HttpRequest& request) const {
  Found found;
  for (const Route& route : routes_) {
    auto captured = match(route, request);
    if (!captured) continue;
    if (route.method == request.method) return {&route, std::move(*captured), {}};
    found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return found;
}

std::variant<Actor, HttpResponse> Api::find_actor(const Route& route,
                                                  const HttpRequest& request) const {
  if (route.roles.empty()) return Actor{};
  auto found = context_.authenticate(request);
  if (const auto* actor = std::get_if<Actor>(&found); actor && !actor->has(route.roles)) {
    return make_problem(403, "forbidden", "this key's roles do not allow the call",
                        request.request_id);
  }
  return found;
}

/// A body is read only for a caller who may send it, and only while there is room for its work.
HttpAdmission Api::admit(const HttpRequest& head) {
  HttpAdmission admission;
  const Found found = find_route(head);
  if (!found.route || head.method == "GET") return admission;
  if (is_packed(head)) {
    admission.refusal =
        make_problem(415, "unsupported_content_encoding",
                     "send the body as it is, without Content-Encoding", head.request_id);
    return admission;
  }
  if (context_.is_full && context_.is_full(Lane::requests)) {
    admission.refusal =
        make_problem(429, "too_busy", "the server has too much waiting", head.request_id);
    admission.refusal->headers.add("Retry-After", "1");
    return admission;
  }
  if (!found.route->is_upload) return admission;
  auto actor = find_actor(*found.route, head);
  if (auto* refusal = std::get_if<HttpResponse>(&actor)) {
    admission.refusal = std::move(*refusal);
    return admission;
  }
  auto sink = context_.open_upload();
  if (!sink) {
    admission.refusal = make_problem(503, "unavailable", sink.error().detail, head.request_id);
    return admission;
  }
  admission.sink = std::move(*sink);
  admission.body_limit = kUploadBytesMax;
  return admission;
}

void Api::handle(HttpRequest request, Reply reply) {
  Found found = find_route(request);
  if (!found.route) {
    if (found.allowed.empty()) {
      return reply(make_problem(404, "no_such_path", request.path, request.request_id));
    }
    HttpResponse refused =
        make_problem(405, "method_not_allowed", "allowed: " + found.allowed, request.request_id);
    refused.headers.add("Allow", found.allowed);
    return reply(std::move(refused));
  }
  auto actor = find_actor(*found.route, request);
  if (auto* refusal = std::get_if<HttpResponse>(&actor)) return reply(std::move(*refusal));
  found.route->handle(
      std::make_shared<Call>(Call{context_, std::move(request), std::move(std::get<Actor>(actor)),
                                  std::move(found.captured), std::move(reply)}));
}

}  // namespace thaw::api
