#include "adapters/http/request_parser.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>

#include "adapters/http/target.h"
#include "base/check.h"

namespace thaw {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;
using beast::string_view;

/// At most this much is set aside for a body on the word of its Content-Length alone.
constexpr std::uint64_t kReserveMax = 64 * 1024;

/// Beast asserts that so much stands where the last chunk begins, once it has seen that chunk's
/// line. No less is ever left of a chunked body: "0\r\n\r\n".
constexpr std::size_t kChunkedRestMin = 5;

std::string_view view_of(string_view text) {
  return {text.data(), text.size()};
}

/// Beast's grammar, our request.
class Collector final : public http::basic_parser<true> {
 public:
  HttpRequest request;
  bool in_head = true;
  bool is_1_1 = false;
  bool coding_named = false;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code& ec) override {
    is_1_1 = version == 11;
    request.method = view_of(method);
    if (!thaw::parse_target(view_of(target), request)) ec = http::error::bad_target;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field name, string_view text, string_view value, error_code&) override {
    if (!in_head) return;  // a trailer came after the handler had admitted the head: not believed
    if (name == http::field::transfer_encoding) coding_named = true;
    request.headers.add(std::string(view_of(text)), std::string(view_of(value)));
  }
  void on_header_impl(error_code&) override { in_head = false; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(std::min(*length, kReserveMax));
  }
  std::size_t on_body_impl(string_view bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& ec) override {
    return on_body_impl(bytes, ec);
  }
  void on_finish_impl(error_code&) override {}
};

bool has_other_expectation(const HttpRequest& request) {
  const auto expect = request.headers.find("expect");
  return expect && !HttpHeaders::same_name(*expect, "100-continue");
}

}  // namespace

struct RequestParser::Implementation {
  std::size_t header_limit;
  std::optional<Collector> parser;
  State state = State::head;
  RequestFault fault = RequestFault::none;
  bool is_head_request = false;  // kept: the request itself moves on

  void fail(RequestFault why) {
    state = State::failed;
    fault = why;
  }
  void fail(const error_code& ec) {
    if (ec == http::error::header_limit) return fail(RequestFault::header_too_large);
    if (ec == http::error::body_limit) return fail(RequestFault::body_too_large);
    fail(RequestFault::malformed);
  }
  /// What Beast lets pass: RFC 9112 §3.2 (one Host), §6.1 (codings; none in HTTP/1.0).
  void check_head() {
    const HttpRequest& request = parser->request;
    const std::string_view coding = request.headers.find("transfer-encoding").value_or("");
    const std::size_t hosts = request.headers.count("host");
    if (hosts > 1 || (parser->is_1_1 && hosts == 0)) return fail(RequestFault::malformed);
    if (parser->coding_named && !parser->is_1_1) return fail(RequestFault::malformed);
    if (parser->coding_named && !HttpHeaders::same_name(coding, "chunked")) {
      return fail(RequestFault::unknown_coding);
    }
    if (has_other_expectation(request)) return fail(RequestFault::unknown_expectation);
    is_head_request = request.method == "HEAD";
    state = parser->is_done() ? State::complete : State::body;
  }
};

RequestParser::RequestParser(std::size_t header_limit)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->header_limit = header_limit;
  begin();
}

RequestParser::~RequestParser() = default;

void RequestParser::begin() {
  auto& in = *implementation_;
  in.parser.emplace();
  in.parser->header_limit(static_cast<std::uint32_t>(in.header_limit));
  in.parser->body_limit(boost::none);  // ours is known only after the head
  in.state = State::head;
  in.fault = RequestFault::none;
  in.is_head_request = false;
}

std::size_t RequestParser::put(std::string_view bytes) {
  auto& in = *implementation_;
  CHECK(in.state == State::head || in.state == State::body);
  std::size_t used = 0;
  if (!in.parser->got_some()) {
    while (bytes.substr(used).starts_with("\r\n")) used += 2;  // RFC 9112 §2.2
    if (used == bytes.size() || bytes.substr(used) == "\r") return used;
  }
  if (in.state == State::body && in.parser->chunked() && bytes.size() < kChunkedRestMin) return 0;
  error_code ec;
  used += in.parser->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), ec);
  if (ec && ec != http::error::need_more) {
    in.fail(ec);
  } else if (in.state == State::head && in.parser->is_header_done()) {
    in.check_head();
  } else if (in.state == State::body && in.parser->is_done()) {
    in.state = State::complete;
  } else if (bytes.size() - used > in.header_limit) {
    in.fail(RequestFault::malformed);  // an endless chunk extension or trailer
  }
  return used;
}

RequestParser::State RequestParser::state() const {
  return implementation_->state;
}
RequestFault RequestParser::fault() const {
  return implementation_->fault;
}
HttpRequest& RequestParser::request() {
  return implementation_->parser->request;
}
bool RequestParser::has_body() const {
  return implementation_->state == State::body;
}
bool RequestParser::keep_alive() const {
  return implementation_->parser->keep_alive();
}
bool RequestParser::is_http_1_1() const {
  return implementation_->parser->is_1_1;
}

bool RequestParser::is_head_request() const {
  return implementation_->is_head_request;
}

std::optional<std::uint64_t> RequestParser::content_length() const {
  const auto length = implementation_->parser->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

bool RequestParser::expects_continue() const {
  return has_body() && is_http_1_1() &&
         implementation_->parser->request.headers.find("expect").has_value();
}

void RequestParser::accept_body(std::uint64_t limit) {
  auto& in = *implementation_;
  if (in.state != State::body) return;
  if (content_length().value_or(0) > limit) return in.fail(RequestFault::body_too_large);
  in.parser->body_limit(limit);
  in.parser->eager(true);
}

bool RequestParser::accept_small_body(std::uint64_t limit) {
  if (!has_body() || expects_continue() || content_length().value_or(0) > limit) return false;
  accept_body(limit);
  return true;
}

}  // namespace thaw
