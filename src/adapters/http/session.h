#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/http/server.h"
#include "base/random.h"

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace thaw {

class Session;

/// Counted by every thread, read by any.
struct ServerTotals {
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> connections_active = 0;
  std::atomic<std::uint64_t> connections_accepted = 0;
  std::atomic<std::uint64_t> connections_refused = 0;
  std::atomic<std::uint64_t> timeouts = 0;
  std::atomic<std::uint64_t> protocol_errors = 0;

  // For `drain`: woken when a connection ends or a worker has stopped accepting.
  std::mutex mutex;
  std::condition_variable changed;
};

/// What the connections of one event loop share. Only that loop's thread touches it, apart from
/// `totals`. Answers still to come keep it alive, so that they find an event loop, be it a stopped
/// one; options, handler and TLS context are used only while the loop runs.
struct SessionHome : std::enable_shared_from_this<SessionHome> {
  const HttpServerOptions& options;
  HttpHandler& handler;
  std::shared_ptr<ServerTotals> totals;
  Random request_ids;
  boost::asio::ssl::context* tls = nullptr;  // null: plain
  bool draining = false;
  std::list<Session*> sessions;
  std::unique_ptr<boost::asio::io_context> context;  // last: its end destroys the sessions

  SessionHome(const HttpServerOptions& server_options, HttpHandler& to,
              std::shared_ptr<ServerTotals> count, std::uint64_t seed);
  ~SessionHome();
};

/// One connection, seen from its event loop.
class Session {
 public:
  explicit Session(SessionHome& home);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session();

  /// Gives up what it waits for if its deadline has passed.
  virtual void check_deadline(std::chrono::steady_clock::time_point now) = 0;
  /// Ends it now if idle, else after the answer in flight.
  virtual void drain() = 0;

 protected:
  SessionHome& home_;

 private:
  std::list<Session*>::iterator place_;
};

/// Takes over a connected, non-blocking socket.
void start_session(SessionHome& home, int descriptor);

}  // namespace thaw
