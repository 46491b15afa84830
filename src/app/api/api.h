#pragma once

#include "app/api/context.h"
#include "app/api/routes.h"

namespace thaw::api {

/// The HTTP door as a handler: finds the route, asks who calls, hands over. Thread-safe.
class Api final : public HttpHandler {
 public:
  explicit Api(Context context);
  HttpAdmission admit(const HttpRequest& head) override;
  void handle(HttpRequest request, Reply reply) override;

 private:
  struct Found {
    const Route* route = nullptr;
    std::vector<std::string> captured;
    std::string allowed;  // methods of other routes on this path
  };
  Found find_route(const HttpRequest& request) const;
  /// The caller, or the refusal.
  std::variant<Actor, HttpResponse> find_actor(const Route& route,
                                               const HttpRequest& request) const;

  Context context_;
  std::vector<Route> routes_;
};

}  // namespace thaw::api
