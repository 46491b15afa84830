#include "adapters/http/session.h"

#include <unistd.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "adapters/http/body_pace.h"
#include "adapters/http/fault_answer.h"
#include "adapters/http/handler_calls.h"
#include "adapters/http/listen_socket.h"
#include "adapters/http/patience.h"
#include "adapters/http/request_id.h"
#include "adapters/http/response_head.h"
#include "adapters/http/stream_queue.h"

namespace thaw {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <typename T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

constexpr std::size_t kReadSize = 4 * 1024;         // while a head is read, and for an idle peer
constexpr std::size_t kBodyReadSize = 16 * 1024;    // while a body is read
constexpr std::size_t kUploadReadSize = 64 * 1024;  // while a sink takes a body
constexpr std::uint64_t kDiscardMax = 64 * 1024;    // of a refused body, to keep the connection
constexpr std::string_view kNothing;
constexpr Duration kLinger = Duration::seconds(2);  // for the peer to read a last answer

/// One connection: a coroutine that reads, asks and answers, one request at a time.
///
/// An await stands in here only as a statement, or behind `=` or `co_return`: g++ 12 compiles
/// `if (!co_await a()) break;` and `b && co_await a()` into code that goes wrong.
template <typename Stream>
class Connection final : public Session {
 public:
  Connection(SessionHome& home, Stream stream, std::string peer)
      : Session(home),
        stream_(std::move(stream)),
        delay_(socket().get_executor()),
        peer_(std::move(peer)),
        parser_(home.options.header_limit) {}

  Task<void> run() {
    bool is_open = co_await shake_hands();
    while (is_open) {
      is_open = co_await wait_for_request();
      if (is_open) is_open = co_await serve_request();
    }
    if (!dropped_) co_await finish();
  }

  void check_deadline(Clock::time_point now) override {
    if (patience_.runs_out(now)) cancel();
  }

  void drain() override {
    if (is_idle_) cancel();
    if (queue_) queue_->close();
    delay_.cancel();
  }

 private:
  enum class BodyEnd { whole, faulty, broken, not_stored };

  Socket& socket() {
    if constexpr (std::is_same_v<Stream, Socket>) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }

  void cancel() {
    error_code ignored;
    socket().cancel(ignored);
  }

  Task<bool> read_more(std::size_t size) {
    error_code ec;
    const std::size_t count =
        co_await stream_.async_read_some(buffer_.prepare(size), asio::redirect_error(kAwait, ec));
    buffer_.commit(count);
    co_return !ec;
  }

  /// Hands what has been read to the parser.
  void parse() {
    const auto bytes = buffer_.cdata();
    buffer_.consume(parser_.put({static_cast<const char*>(bytes.data()), bytes.size()}));
  }

  /// Suspends until the value is there.
  template <typename Value>
  Task<void> given(Handover<Value>& handover) {
    if (handover.is_given()) co_return;
    co_await wake_by([&](auto wake) { handover.when_given(std::move(wake)); });
  }

  /// Suspends; `arrange` is handed the function that, from whatever thread, goes on here.
  template <typename Arrange>
  Task<void> wake_by(Arrange arrange) {
    co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
        [executor = socket().get_executor(), &arrange](auto handler) {
          arrange([executor, handler = std::move(handler)]() mutable {
            asio::post(executor, std::move(handler));
          });
        },
        kAwait);
  }

  Task<bool> shake_hands() {
    if constexpr (!std::is_same_v<Stream, Socket>) {
      patience_.allow(home_.options.header_timeout);
      error_code ec;
      co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(kAwait, ec));
      if (patience_.ran_out()) ++home_.totals->timeouts;
      dropped_ = ec.failed();
      co_return !ec;
    }
    co_return true;
  }

  /// True once the first byte of a request is there.
  Task<bool> wait_for_request() {
    if (buffer_.size() > 0) co_return true;
    if (buffer_.capacity() > kBodyReadSize) buffer_ = {};
    error_code ec;
    if (home_.draining && socket().available(ec) == 0) co_return false;
    is_idle_ = true;
    patience_.allow(served_ ? home_.options.idle_timeout : home_.options.header_timeout);
    const bool has_read = co_await read_more(kReadSize);
    is_idle_ = false;
    if (has_read) co_return true;
    // Woken by `drain`: a request may have come in at the same moment.
    if (!home_.draining || patience_.ran_out() || socket().available(ec) == 0) co_return false;
    co_return co_await read_more(kReadSize);
  }

  Task<bool> serve_request() {
    served_ = true;
    parser_.begin();
    patience_.allow(home_.options.header_timeout);
    while (true) {
      if (buffer_.size() > 0) parse();
      if (parser_.state() != RequestParser::State::head) break;
      const bool has_read = co_await read_more(kReadSize);
      if (!has_read) co_return co_await answer_broken_read(kLateHead);
    }
    HttpRequest& request = parser_.request();
    request_id_ = pick_request_id(request.headers, home_.request_ids);
    if (parser_.state() == RequestParser::State::failed) co_return co_await answer_fault();
    ++home_.totals->requests;
    request.peer = peer_;
    request.request_id = request_id_;
    auto admission = ask_admission(home_.handler, request);
    if (!admission) admission = HttpAdmission{.refusal = make_problem(kInternalError)};
    co_return co_await serve_admitted(std::move(*admission));
  }

  Task<bool> serve_admitted(HttpAdmission admission) {
    if (admission.refusal) {
      if (parser_.accept_small_body(kDiscardMax)) co_await read_body(nullptr);
      co_return co_await answer(std::move(*admission.refusal));
    }
    parser_.accept_body(admission.body_limit.value_or(home_.options.body_limit));
    if (parser_.expects_continue() && buffer_.size() == 0) {
      patience_.allow(home_.options.write_timeout);
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      const bool is_sent = co_await write(kContinue, {});
      if (!is_sent) co_return false;
    }
    parser_.request().sink = std::move(admission.sink);
    const BodyEnd end = co_await read_body(parser_.request().sink.get());
    switch (end) {
      case BodyEnd::whole: break;
      case BodyEnd::faulty: co_return co_await answer_fault();
      case BodyEnd::broken: co_return co_await answer_broken_read(kLateBody);
      case BodyEnd::not_stored: co_return co_await answer_problem(kNotStored);
    }
    HttpResponse response = co_await ask_handler();
    co_return co_await answer(std::move(response));
  }

  Task<HttpResponse> ask_handler() {
    const auto answer =
        begin_answer(home_.handler, std::move(parser_.request()), home_.shared_from_this());
    patience_.allow_for_ever();
    co_await given(*answer);
    std::optional<HttpResponse> response = answer->take();
    co_return response ? std::move(*response) : make_problem(kInternalError);
  }

  Task<BodyEnd> read_body(BodySink* sink) {
    const std::size_t size = sink != nullptr ? kUploadReadSize : kBodyReadSize;
    const HttpServerOptions& options = home_.options;
    BodyPace pace(Clock::now(), options.body_timeout, options.body_rate_min);
    while (parser_.state() == RequestParser::State::body) {
      if (buffer_.size() > 0) {
        parse();
        if (sink != nullptr) {
          const bool is_stored = co_await store(*sink);
          if (!is_stored) co_return BodyEnd::not_stored;
        }
        if (parser_.state() != RequestParser::State::body) break;
      }
      patience_.allow_until(pace.deadline(Clock::now()));
      const std::size_t before = buffer_.size();
      const bool has_read = co_await read_more(size);
      if (!has_read) co_return BodyEnd::broken;
      pace.received(buffer_.size() - before);
    }
    co_return parser_.state() == RequestParser::State::complete ? BodyEnd::whole : BodyEnd::faulty;
  }

  Task<bool> store(BodySink& sink) {
    std::string& body = parser_.request().body;
    if (body.empty()) co_return true;
    const auto stored = begin_store(sink, body, home_.shared_from_this());
    patience_.allow_for_ever();
    co_await given(*stored);
    body.clear();
    co_return stored->take().has_value();
  }

  HttpResponse make_problem(const FaultAnswer& fault) {
    if (request_id_.empty()) request_id_ = pick_request_id({}, home_.request_ids);
    return home_.options.problem({fault.status, fault.code, fault.detail, request_id_});
  }

  Task<bool> answer_problem(FaultAnswer fault) {
    HttpResponse response = make_problem(fault);
    response.close = true;
    co_return co_await answer(std::move(response));
  }

  Task<bool> answer_fault() {
    ++home_.totals->protocol_errors;
    co_return co_await answer_problem(answer_to(parser_.fault()));
  }

  /// A read that failed in the middle of a request: 408 if it was too slow, else nobody is there.
  Task<bool> answer_broken_read(FaultAnswer if_late) {
    dropped_ = !patience_.ran_out();
    if (dropped_) co_return false;
    ++home_.totals->timeouts;
    co_return co_await answer_problem(if_late);
  }

  /// Sends; true if the connection can serve another request.
  Task<bool> answer(HttpResponse response) {
    if (response.delay_ms > 0 || response.drop) co_await act_as_told(response);
    if (dropped_) co_return false;
    const bool is_whole = parser_.state() == RequestParser::State::complete;
    const bool is_1_1 = !is_whole || parser_.is_http_1_1();
    const bool may_keep = is_whole && parser_.keep_alive() && !home_.draining;
    const AnswerPlan plan = plan_answer(response, may_keep, is_1_1, parser_.is_head_request());
    const std::string head =
        make_response_head(response, {request_id_, plan.framing, plan.keep_alive, is_1_1});
    request_id_.clear();
    must_linger_ = !is_whole;
    patience_.allow(home_.options.write_timeout);
    const bool is_stream = plan.has_body && response.on_open;
    const std::string_view body = plan.has_body && !is_stream ? response.body : kNothing;
    const bool is_sent = co_await write(head, body);
    if (!is_sent) co_return false;
    if (!is_stream) co_return plan.keep_alive;
    const bool is_pushed = co_await push(std::move(response), plan.framing);
    co_return is_pushed ? plan.keep_alive : false;
  }

  /// Delays and drops for test doubles.
  Task<void> act_as_told(const HttpResponse& response) {
    patience_.allow_for_ever();
    error_code ignored;
    if (response.delay_ms > 0 && !home_.draining) {
      delay_.expires_after(std::chrono::milliseconds(response.delay_ms));
      co_await delay_.async_wait(asio::redirect_error(kAwait, ignored));
    }
    dropped_ = response.drop;
  }

  Task<bool> write(std::string_view first, std::string_view second) {
    error_code ec;
    const std::array buffers = {asio::buffer(first), asio::buffer(second)};
    co_await asio::async_write(stream_, buffers, asio::redirect_error(kAwait, ec));
    if (!ec) co_return true;
    if (patience_.ran_out()) ++home_.totals->timeouts;
    dropped_ = true;
    co_return false;
  }

  /// Sends the pieces of a ResponseStream as they come.
  Task<bool> push(HttpResponse response, BodyFraming framing) {
    const auto queue = std::make_shared<StreamQueue>(home_.options.stream_buffer_max);
    queue_ = queue;
    open_stream(response, queue, home_.shared_from_this());
    if (home_.draining) queue->close();
    bool is_end = false;
    bool is_sent = co_await push_piece(frame_piece(response.body, framing));
    while (is_sent && !is_end) {
      patience_.allow_for_ever();
      co_await wake_by([&](auto wake) { queue->when_ready(std::move(wake)); });
      auto taken = queue->take();
      is_end = taken.is_end;
      is_sent = co_await push_piece(frame_piece(taken.bytes, framing));
    }
    queue_.reset();
    queue->close();
    if (!is_sent || framing != BodyFraming::chunked) co_return false;
    co_return co_await write("0\r\n\r\n", {});
  }

  Task<bool> push_piece(std::string framed) {
    if (framed.empty()) co_return true;
    patience_.allow(home_.options.write_timeout);
    co_return co_await write(framed, {});
  }

  /// Ends the connection so that the peer can still read the last answer: bytes of its own that
  /// nobody reads would make the kernel reset the connection, and with it the answer.
  Task<void> finish() {
    error_code ec;
    patience_.allow(kLinger);
    if constexpr (!std::is_same_v<Stream, Socket>) {
      co_await stream_.async_shutdown(asio::redirect_error(kAwait, ec));
    }
    if (!must_linger_ && buffer_.size() == 0) co_return;
    socket().shutdown(asio::socket_base::shutdown_send, ec);
    std::array<char, kBodyReadSize> unread;
    while (!ec && !patience_.ran_out()) {
      co_await socket().async_read_some(asio::buffer(unread), asio::redirect_error(kAwait, ec));
    }
  }

  Stream stream_;
  Timer delay_;
  std::string peer_;
  RequestParser parser_;
  boost::beast::flat_buffer buffer_;
  std::string request_id_;
  std::shared_ptr<StreamQueue> queue_;  // while a stream is open
  Patience patience_;
  bool is_idle_ = false;
  bool served_ = false;
  bool must_linger_ = false;
  bool dropped_ = false;  // broken, or told to: no farewell
};

template <typename Stream>
void spawn(SessionHome& home, Stream stream, int descriptor) {
  auto connection =
      std::make_unique<Connection<Stream>>(home, std::move(stream), peer_name(descriptor));
  auto* raw = connection.get();
  asio::co_spawn(home.context->get_executor(), raw->run(),
                 [owned = std::move(connection)](std::exception_ptr) {
                   // Out of memory, or a vendor's surprise: this connection is over, no other.
                 });
}

}  // namespace

void start_session(SessionHome& home, int descriptor) {
  error_code ec;
  Socket socket(home.context->get_executor());
  (void)socket.assign(asio::ip::tcp::v4(), descriptor, ec);  // the family matters only to `open`
  if (ec) {
    ::close(descriptor);
    return;
  }
  (void)socket.set_option(asio::ip::tcp::no_delay(true), ec);
  if (home.tls == nullptr) {
    spawn(home, std::move(socket), descriptor);
  } else {
    spawn(home, TlsStream(std::move(socket), *home.tls), descriptor);
  }
}

}  // namespace thaw
