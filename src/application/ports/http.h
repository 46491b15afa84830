#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace thaw {

/// Header fields in the order sent; names compare without regard to ASCII case.
class HttpHeaders {
 public:
  struct Field {
    std::string name;
    std::string value;
    friend bool operator==(const Field&, const Field&) = default;
  };

  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<Field> fields) : fields_(fields) {}

  /// The first value of that name, valid until the next change; nothing if the field is missing.
  std::optional<std::string_view> find(std::string_view name) const {
    for (const Field& field : fields_) {
      if (same_name(field.name, name)) return field.value;
    }
    return std::nullopt;
  }
  void add(std::string name, std::string value) {
    fields_.push_back({std::move(name), std::move(value)});
  }
  std::size_t count(std::string_view name) const {
    std::size_t found = 0;
    for (const Field& field : fields_) found += same_name(field.name, name) ? 1 : 0;
    return found;
  }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  void clear() { fields_.clear(); }

  static bool same_name(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (to_lower(a[i]) != to_lower(b[i])) return false;
    }
    return true;
  }

  friend bool operator==(const HttpHeaders&, const HttpHeaders&) = default;

 private:
  static char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

  std::vector<Field> fields_;
};

/// Takes a request's body piece by piece, so that a large upload is never held in memory. If the
/// body breaks off, the sink is let go of without the handler being called: its destructor
/// discards.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// `chunk` is valid until `done` is called, exactly once, from any thread (inline is fine). The
  /// next chunk comes only after that, which is the back-pressure. Runs on a server thread: work
  /// that may block belongs on another. A failure ends the request with 503.
  virtual void write(std::string_view chunk, std::function<void(Status)> done) = 0;
};

struct HttpRequest {
  std::string method;                 // as sent, "GET"
  std::string path;                   // as sent, percent-encoding kept, without the query
  std::vector<std::string> segments;  // the path split at '/', then decoded: "/a%2Fb/c" → "a/b","c"
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in the order sent
  HttpHeaders headers;
  std::string body;                // empty when a sink took it
  std::shared_ptr<BodySink> sink;  // what `admit` gave, now complete
  std::string peer;                // "127.0.0.1:50123": the socket's other end
  std::string request_id;          // also in the answer's X-Request-Id

  std::optional<std::string_view> find_query(std::string_view name) const {
    for (const auto& [key, value] : query) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
};

/// Pushes a body of unknown length to one client (server-sent events, long reports). Thread-safe;
/// may outlive the connection. Letting go of the last reference ends the body as `close` does.
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;
  /// False, and nothing is queued, when the client is gone, the server drains, or more than the
  /// server's `stream_buffer_max` bytes wait unsent; the caller then stops, or tries later.
  virtual bool write(std::string chunk) = 0;
  virtual bool is_open() const = 0;
  virtual void close() = 0;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;  // without Content-Length, Connection, X-Request-Id: the server's work
  std::string body;
  bool close = false;  // close the connection after this answer
  /// If set, `body` is the beginning of a body without a stated length; called once the head is
  /// on its way, on a server thread.
  std::function<void(std::shared_ptr<ResponseStream>)> on_open;

  // For test doubles of a misbehaving peer (the loyalty sandbox) only:
  std::int64_t delay_ms = 0;  // answer this much later, without holding a thread
  bool drop = false;          // after the delay, close the connection without an answer
};

/// What a handler says once the head of a request has arrived, before its body is read.
struct HttpAdmission {
  std::optional<HttpResponse> refusal;      // answered at once; the body is not read
  std::optional<std::uint64_t> body_limit;  // bytes, 413 beyond it; unset: the server's default
  std::shared_ptr<BodySink> sink;           // where the body goes; unset: into `HttpRequest::body`
};

/// Answers requests. Both calls come on server threads, several at a time, and must not block.
class HttpHandler {
 public:
  /// Callable from any thread, exactly once; may outlive the connection and the server. If every
  /// copy is destroyed uncalled, the client gets 500.
  using Reply = std::function<void(HttpResponse)>;

  virtual ~HttpHandler() = default;
  /// Lane full → 429 with Retry-After, unknown path → 404, file upload → sink and limit.
  virtual HttpAdmission admit(const HttpRequest& head) {
    (void)head;
    return {};
  }
  virtual void handle(HttpRequest request, Reply reply) = 0;
};

/// Why a call has no answer. What matters is whether the peer may have acted on it.
enum class HttpCallFailure {
  never_sent,  // no byte of the request left: name not found, refused, no connection in time
  tls,         // no byte of the request left: handshake or certificate check failed
  broken,      // the connection broke after the first byte: the outcome is unknown
  timeout,     // no complete answer in time after the first byte: the outcome is unknown
  unreadable,  // the answer is not HTTP, or larger than allowed: the outcome is unknown
};

struct HttpCallError {
  HttpCallFailure failure;
  std::string detail;  // for a person
};

struct HttpCallRequest {
  std::string method;
  std::string target;  // path and query, percent-encoded, beginning with '/'
  HttpHeaders headers;
  std::string body;
};

/// Calls one peer, blocking. Thread-safe. Redirects are answers like any other, never followed; a
/// request is never sent twice once a byte of it may have left.
class HttpCall {
 public:
  virtual ~HttpCall() = default;
  /// `timeout` bounds connecting, sending and the whole answer (not the system's name look-up).
  virtual std::variant<HttpResponse, HttpCallError> send(const HttpCallRequest& request,
                                                         Duration timeout) = 0;
};

}  // namespace thaw
