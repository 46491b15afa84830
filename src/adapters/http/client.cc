#include "adapters/http/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <vector>

#include "adapters/http/response_parser.h"
#include "adapters/http/url.h"
#include "adapters/http/wire.h"

namespace thaw {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = std::variant<HttpResponse, HttpCallError>;

constexpr std::size_t kReadSize = 16 * 1024;

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// Nothing if a part would be read by the peer as something else.
std::optional<std::string> serialise(const Url& url, const HttpCallRequest& request) {
  const bool is_target = request.target.starts_with('/') && is_plain(request.target) &&
                         request.target.find(' ') == std::string::npos;
  if (!is_target || !is_plain(request.method) || request.method.empty()) return std::nullopt;
  std::string text = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n", request.method, url.base_path,
                                 request.target, url.host_field);
  for (const auto& [name, value] : request.headers) {
    if (!is_plain(name) || !is_plain(value)) return std::nullopt;
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    text += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  text.append("\r\n").append(request.body);
  return text;
}

HttpCallError make_error(HttpCallFailure failure, std::string_view detail) {
  return {failure, std::string(detail)};
}

/// The first byte may have left: what became of the rest.
HttpCallError lost(WireState state) {
  switch (state) {
    case WireState::timeout:
      return make_error(HttpCallFailure::timeout, "no complete answer in time");
    case WireState::closed:
      return make_error(HttpCallFailure::broken, "the peer closed before its answer was complete");
    case WireState::ok:
    case WireState::broken: break;
  }
  return make_error(HttpCallFailure::broken, "the connection broke before the answer was complete");
}

struct Kept {
  std::unique_ptr<Wire> wire;
  Clock::time_point since;
};

}  // namespace

struct HttpClient::Implementation {
  HttpClientOptions options;
  Url url;
  std::unique_ptr<TlsClientContext> tls;
  std::mutex mutex;
  std::vector<Kept> kept;  // under mutex; the last one is the freshest

  /// A connection that still looks alive; null if there is none.
  std::unique_ptr<Wire> take_kept() {
    const auto oldest = Clock::now() - std::chrono::milliseconds(options.idle_max.ms);
    const std::lock_guard lock(mutex);
    std::erase_if(kept, [&](const Kept& each) { return each.since < oldest; });
    while (!kept.empty()) {
      std::unique_ptr<Wire> wire = std::move(kept.back().wire);
      kept.pop_back();
      if (wire->is_quiet()) return wire;
    }
    return nullptr;
  }

  void keep(std::unique_ptr<Wire> wire) {
    const std::lock_guard lock(mutex);
    if (kept.size() < options.idle_connections_max) kept.push_back({std::move(wire), Clock::now()});
  }

  std::variant<std::unique_ptr<Wire>, HttpCallError> connect(Deadline deadline) {
    const auto limit = Clock::now() + std::chrono::milliseconds(options.connect_timeout.ms);
    auto connected = connect_tcp(url, std::min(deadline, limit));
    if (tls == nullptr || std::holds_alternative<HttpCallError>(connected)) return connected;
    return tls->wrap(std::get<0>(std::move(connected)), url, std::min(deadline, limit));
  }

  Outcome read_answer(std::unique_ptr<Wire> wire, bool to_head, Deadline deadline) {
    ResponseParser parser(to_head, options.answer_limit);
    auto state = ResponseParser::State::incomplete;
    std::string bytes;
    while (state == ResponseParser::State::incomplete) {
      bytes.resize(kReadSize);
      const WireState got = wire->read(bytes, deadline);
      if (got == WireState::ok) {
        state = parser.put(bytes);
        continue;
      }
      if (got == WireState::closed) state = parser.put_end();
      if (state != ResponseParser::State::complete) return lost(got);
    }
    if (state == ResponseParser::State::too_large) {
      return make_error(HttpCallFailure::unreadable, "the answer is larger than allowed");
    }
    if (state == ResponseParser::State::unreadable) {
      return make_error(HttpCallFailure::unreadable, "the answer is not HTTP/1.1");
    }
    HttpResponse response = parser.take();
    if (parser.can_reuse()) keep(std::move(wire));
    return response;
  }

  /// Nothing if not one byte of the request left.
  std::optional<Outcome> exchange(std::unique_ptr<Wire> wire, const std::string& text, bool to_head,
                                  Deadline deadline) {
    bool may_have_left = false;
    const WireState sent = wire->write(text, deadline, may_have_left);
    if (!may_have_left) return std::nullopt;
    if (sent != WireState::ok) return lost(sent);
    return read_answer(std::move(wire), to_head, deadline);
  }
};

HttpClient::HttpClient(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::make(HttpClientOptions options) {
  auto in = std::make_unique<Implementation>();
  auto url = parse_url(options.url);
  if (!url) return fail_with(url);
  in->url = std::move(*url);
  if (in->url.is_https) {
    auto tls = TlsClientContext::make(options.ca_file);
    if (!tls) return fail_with(tls);
    in->tls = std::move(*tls);
  }
  in->options = std::move(options);
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(in)));
}

Outcome HttpClient::send(const HttpCallRequest& request, Duration timeout) {
  auto& in = *implementation_;
  const Deadline deadline = Clock::now() + std::chrono::milliseconds(timeout.ms);
  const auto text = serialise(in.url, request);
  if (!text) {
    return make_error(HttpCallFailure::never_sent, "method, target or header is not printable");
  }
  const bool to_head = request.method == "HEAD";
  if (auto wire = in.take_kept()) {
    auto outcome = in.exchange(std::move(wire), *text, to_head, deadline);
    if (outcome) return std::move(*outcome);
  }
  auto connected = in.connect(deadline);
  if (auto* error = std::get_if<HttpCallError>(&connected)) return std::move(*error);
  auto outcome = in.exchange(std::get<0>(std::move(connected)), *text, to_head, deadline);
  if (outcome) return std::move(*outcome);
  return make_error(HttpCallFailure::never_sent, "the connection broke before a byte was sent");
}

}  // namespace thaw
