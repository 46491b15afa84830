#include <boost/asio/io_context.hpp>

#include "adapters/http/session.h"

namespace thaw {

SessionHome::SessionHome(const HttpServerOptions& server_options, HttpHandler& to,
                         std::shared_ptr<ServerTotals> count, std::uint64_t seed)
    : options(server_options),
      handler(to),
      totals(std::move(count)),
      request_ids(seed),
      context(std::make_unique<boost::asio::io_context>(1)) {}

SessionHome::~SessionHome() = default;

Session::Session(SessionHome& home)
    : home_(home), place_(home.sessions.insert(home.sessions.end(), this)) {
  ++home_.totals->connections_active;
}

Session::~Session() {
  home_.sessions.erase(place_);
  const std::lock_guard lock(home_.totals->mutex);
  --home_.totals->connections_active;
  home_.totals->changed.notify_all();
}

}  // namespace thaw
