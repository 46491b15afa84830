#pragma once

#include "app/api/context.h"
#include "app/api/routes.h"

namespace thaw::api {

/// The HTTP door as a handler: finds the route, asks who calls, hands over. Thread-safe.
class Api final : public HttpHandler {
 public:
  explicit Api(Context context);
  void handle(HttpRequest request, Reply reply) override;

 private:
  Context context_;
  std::vector<Route> routes_;
};

}  // namespace thaw::api
