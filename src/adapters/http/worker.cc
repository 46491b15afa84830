#include "adapters/http/worker.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>

#include "adapters/http/response_head.h"

namespace thaw {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
using Listener = asio::posix::basic_stream_descriptor<Executor>;

constexpr int kAcceptedAtOnce = 64;  // then the connections that are there get their turn
constexpr auto kTickMax = std::chrono::milliseconds(250);
constexpr auto kPauseWithoutDescriptors = std::chrono::milliseconds(100);

/// How often deadlines are looked at: often enough for the shortest of them.
Clock::duration tick_length(const HttpServerOptions& options) {
  const std::int64_t shortest = std::min({options.idle_timeout.ms, options.header_timeout.ms,
                                          options.body_timeout.ms, options.write_timeout.ms});
  return std::clamp<Clock::duration>(std::chrono::milliseconds(shortest / 8),
                                     std::chrono::milliseconds(5), kTickMax);
}

}  // namespace

struct HttpWorker::Implementation {
  std::shared_ptr<SessionHome> home;
  Listener listener;
  Timer tick;
  Timer pause;
  asio::executor_work_guard<Executor> work;
  bool has_stopped_accepting = false;  // under totals->mutex

  Implementation(std::shared_ptr<SessionHome> of, int descriptor)
      : home(std::move(of)),
        listener(home->context->get_executor(), descriptor),
        tick(home->context->get_executor()),
        pause(home->context->get_executor()),
        work(home->context->get_executor()) {}

  void wait_for_connection() {
    listener.async_wait(asio::posix::descriptor_base::wait_read, [this](error_code ec) {
      if (ec) return;
      if (accept_some(kAcceptedAtOnce)) return wait_for_connection();
      pause.expires_after(kPauseWithoutDescriptors);
      pause.async_wait([this](error_code cancelled) {
        if (!cancelled) wait_for_connection();
      });
    });
  }

  /// False if the process is out of descriptors or memory: trying again at once would only spin.
  bool accept_some(int at_most) {
    for (int i = 0; i < at_most; ++i) {
      const int descriptor =
          ::accept4(listener.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor >= 0) {
        take(descriptor);
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        return true;
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        return false;
      }
    }
    return true;
  }

  void take(int descriptor) {
    auto& totals = *home->totals;
    ++totals.connections_accepted;
    if (totals.connections_active < home->options.connections_max) {
      start_session(*home, descriptor);
    } else {
      ++totals.connections_refused;
      refuse(descriptor);
    }
  }

  /// Best effort, without waiting: under TLS, and for a peer whose request is already under way,
  /// the answer may be lost and only the closing seen.
  void refuse(int descriptor) {
    if (home->tls == nullptr) {
      const std::string id = "refused";
      HttpResponse response = home->options.problem(
          {503, "too_many_connections", "the server has as many connections as it may", id});
      response.headers.add("Retry-After", "1");
      const std::string bytes =
          make_response_head(response, {.request_id = id, .keep_alive = false}) + response.body;
      std::ignore = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      ::shutdown(descriptor, SHUT_WR);
      char unread[16 * 1024];
      std::ignore = ::recv(descriptor, unread, sizeof unread, MSG_DONTWAIT);
    }
    ::close(descriptor);
  }

  void start_tick() {
    tick.expires_after(tick_length(home->options));
    tick.async_wait([this](error_code ec) {
      if (ec) return;
      const auto now = Clock::now();
      for (Session* session : home->sessions) session->check_deadline(now);
      start_tick();
    });
  }

  void drain() {
    // What the kernel has already accepted for us would be reset by closing the listener.
    accept_some(SOMAXCONN);
    error_code ignored;
    (void)listener.close(ignored);
    pause.cancel();
    home->draining = true;
    for (Session* session : home->sessions) session->drain();
    const std::lock_guard lock(home->totals->mutex);
    has_stopped_accepting = true;
    home->totals->changed.notify_all();
  }
};

HttpWorker::HttpWorker(std::shared_ptr<SessionHome> home, int listener)
    : implementation_(std::make_unique<Implementation>(std::move(home), listener)) {
  implementation_->wait_for_connection();
  implementation_->start_tick();
}

HttpWorker::~HttpWorker() = default;

void HttpWorker::run() {
  implementation_->home->context->run();
}
void HttpWorker::stop() {
  implementation_->home->context->stop();
}

void HttpWorker::begin_drain() {
  asio::post(implementation_->home->context->get_executor(),
             [in = implementation_.get()] { in->drain(); });
}

bool HttpWorker::has_stopped_accepting() const {
  return implementation_->has_stopped_accepting;
}

}  // namespace thaw
