#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/protocol_problem.h"
#include "application/ports/http.h"
#include "base/instant.h"
#include "base/result.h"

namespace thaw {

struct TlsFiles {
  std::string certificate_chain;  // PEM
  std::string private_key;        // PEM
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // IPv4 or IPv6, numeric
  std::uint16_t port = 0;             // 0 picks a free one: see `port()`
  std::size_t threads = 1;            // how many will call `run`
  std::optional<TlsFiles> tls;        // unset: plain HTTP

  std::size_t header_limit = 16 * 1024;    // bytes of request line and headers; 431
  std::uint64_t body_limit = 1024 * 1024;  // bytes, where the handler's admission names none; 413
  std::size_t connections_max = 10'000;    // more get 503 and are closed
  std::size_t stream_buffer_max = 256 * 1024;  // unsent bytes of one ResponseStream

  Duration idle_timeout = Duration::seconds(60);    // between requests: closed without a word
  Duration header_timeout = Duration::seconds(10);  // first byte to end of head; 408
  Duration body_timeout = Duration::seconds(20);    // between two pieces of a body; 408
  std::uint64_t body_rate_min = 4 * 1024;  // bytes/s on average, after the first body_timeout; 408
  Duration write_timeout = Duration::seconds(30);  // for one answer, or one piece of a stream

  std::uint64_t request_id_seed = 1;  // ids are unique per seed: give a random one
  ProblemFormatter problem = make_problem_json;
};

struct HttpServerCounters {
  std::uint64_t requests = 0;  // heads that were complete and well-formed
  std::uint64_t connections_active = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  // 503 for connections_max
  std::uint64_t timeouts = 0;             // connections closed for any of the timeouts but idle
  std::uint64_t protocol_errors = 0;      // requests that the server itself answered with 4xx, 501
};

/// HTTP/1.1 server: one event loop for each thread of `app`, each with a listening socket of its
/// own. Requests of one connection are handled one at a time, in order; pipelined ones wait.
/// `handler` must outlive the server. Every answer has an X-Request-Id: the client's own, if it is
/// 1 to 64 of [A-Za-z0-9._-], or a new one.
class HttpServer {
 public:
  /// Binds and listens; connections wait until `run`. `unavailable` if the address is taken.
  static Result<std::unique_ptr<HttpServer>> open(HttpServerOptions options, HttpHandler& handler);
  ~HttpServer();

  std::uint16_t port() const;

  /// Serves until `stop` or `drain`; each index in [0, threads) from a thread of its own.
  void run(std::size_t index);

  /// Stops accepting, closes idle connections, ends streams, lets requests in flight finish, then
  /// stops. Blocks at most `at_most`; returns how many connections were cut off. Any other thread.
  std::size_t drain(Duration at_most);

  /// Cuts everything off; `run` returns. Any thread.
  void stop();

  HttpServerCounters counters() const;

 private:
  struct Implementation;
  explicit HttpServer(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
