#include "adapters/http/server.h"

#include <fmt/format.h>

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <vector>

#include "adapters/http/listen_socket.h"
#include "adapters/http/session.h"
#include "adapters/http/worker.h"
#include "base/check.h"

namespace thaw {
namespace {

namespace ssl = boost::asio::ssl;

Result<std::unique_ptr<ssl::context>> make_tls_context(const TlsFiles& files) {
  try {
    auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
    context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context->use_certificate_chain_file(files.certificate_chain);
    context->use_private_key_file(files.private_key, ssl::context::pem);
    return context;
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid,
                fmt::format("certificate {} or private key {}: {}", files.certificate_chain,
                            files.private_key, error.what()));
  }
}

}  // namespace

struct HttpServer::Implementation {
  HttpServerOptions options;
  std::unique_ptr<ssl::context> tls;
  std::shared_ptr<ServerTotals> totals = std::make_shared<ServerTotals>();
  std::vector<std::unique_ptr<HttpWorker>> workers;
  std::uint16_t port = 0;

  bool has_drained() const {
    for (const auto& worker : workers) {
      if (!worker->has_stopped_accepting()) return false;
    }
    return totals->connections_active == 0;
  }
};

HttpServer::HttpServer(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::open(HttpServerOptions options,
                                                     HttpHandler& handler) {
  CHECK(options.threads > 0);
  auto in = std::make_unique<Implementation>();
  in->options = std::move(options);
  if (in->options.tls) {
    auto tls = make_tls_context(*in->options.tls);
    if (!tls) return fail_with(tls);
    in->tls = std::move(*tls);
  }
  const auto sockets =
      open_listen_sockets(in->options.address, in->options.port, in->options.threads);
  if (!sockets) return fail_with(sockets);
  in->port = sockets->port;
  Random seeds(in->options.request_id_seed);
  for (const int descriptor : sockets->descriptors) {
    auto home = std::make_shared<SessionHome>(in->options, handler, in->totals, seeds.next());
    home->tls = in->tls.get();
    in->workers.push_back(std::make_unique<HttpWorker>(std::move(home), descriptor));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(in)));
}

std::uint16_t HttpServer::port() const {
  return implementation_->port;
}

void HttpServer::run(std::size_t index) {
  CHECK(index < implementation_->workers.size());
  implementation_->workers[index]->run();
}

std::size_t HttpServer::drain(Duration at_most) {
  auto& in = *implementation_;
  for (const auto& worker : in.workers) worker->begin_drain();
  std::size_t cut_off = 0;
  {
    std::unique_lock lock(in.totals->mutex);
    in.totals->changed.wait_for(lock, std::chrono::milliseconds(at_most.ms),
                                [&] { return in.has_drained(); });
    cut_off = in.totals->connections_active;
  }
  stop();
  return cut_off;
}

void HttpServer::stop() {
  for (const auto& worker : implementation_->workers) worker->stop();
}

HttpServerCounters HttpServer::counters() const {
  const ServerTotals& totals = *implementation_->totals;
  return {.requests = totals.requests,
          .connections_active = totals.connections_active,
          .connections_accepted = totals.connections_accepted,
          .connections_refused = totals.connections_refused,
          .timeouts = totals.timeouts,
          .protocol_errors = totals.protocol_errors};
}

}  // namespace thaw
