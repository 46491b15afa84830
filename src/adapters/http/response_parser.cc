#include "adapters/http/response_parser.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

namespace thaw {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using Parser = http::response_parser<http::string_body>;

constexpr std::uint32_t kHeaderLimit = 64 * 1024;
constexpr std::size_t kChunkedRestMin = 5;  // as in request_parser.cc

}  // namespace

struct ResponseParser::Implementation {
  bool to_head;
  std::uint64_t body_limit;
  std::optional<Parser> parser;
  std::string unused;  // bytes that the parser wants to see again
  State state = State::incomplete;

  void begin() {
    parser.emplace();
    parser->header_limit(kHeaderLimit);
    parser->body_limit(body_limit);
    parser->eager(true);
    parser->skip(to_head);
  }
  void conclude(const error_code& ec) {
    if (ec == http::error::body_limit || ec == http::error::header_limit) {
      state = State::too_large;
    } else if (ec && ec != http::error::need_more) {
      state = State::unreadable;
    } else if (parser->is_done()) {
      state = State::complete;
    } else if (unused.size() > kHeaderLimit) {
      state = State::too_large;  // an endless chunk extension or trailer
    }
  }
  /// Too little has come of a chunked body to hand it on.
  bool must_wait() const {
    return parser->is_header_done() && parser->chunked() && unused.size() < kChunkedRestMin;
  }
  bool is_interim() const {
    return state == State::complete && parser->get().result_int() / 100 == 1;
  }
};

ResponseParser::ResponseParser(bool to_head, std::uint64_t body_limit)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->to_head = to_head;
  implementation_->body_limit = body_limit;
  implementation_->begin();
}

ResponseParser::~ResponseParser() = default;

ResponseParser::State ResponseParser::put(std::string_view bytes) {
  auto& in = *implementation_;
  in.unused.append(bytes);
  while (in.state == State::incomplete && !in.unused.empty() && !in.must_wait()) {
    error_code ec;
    const std::size_t used =
        in.parser->put(boost::asio::const_buffer(in.unused.data(), in.unused.size()), ec);
    in.unused.erase(0, used);
    in.conclude(ec);
    if (in.is_interim()) {
      in.begin();
      in.state = State::incomplete;
    } else if (in.state == State::incomplete && used == 0) {
      break;
    }
  }
  return in.state;
}

ResponseParser::State ResponseParser::put_end() {
  auto& in = *implementation_;
  if (in.state != State::incomplete || !in.parser->is_header_done()) return in.state;
  error_code ec;
  in.parser->put_eof(ec);
  if (!ec) in.state = State::complete;
  return in.state;
}

HttpResponse ResponseParser::take() {
  auto& message = implementation_->parser->get();
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    response.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  response.body = std::move(message.body());
  return response;
}

bool ResponseParser::can_reuse() const {
  const auto& in = *implementation_;
  return in.state == State::complete && in.unused.empty() && in.parser->keep_alive();
}

}  // namespace thaw
