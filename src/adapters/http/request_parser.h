#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "application/ports/http.h"

namespace thaw {

/// What is wrong with a request before any handler has seen it.
enum class RequestFault {
  none,
  malformed,            // 400
  header_too_large,     // 431
  body_too_large,       // 413
  unknown_coding,       // 501: a Transfer-Encoding other than chunked
  unknown_expectation,  // 417: an Expect other than 100-continue
};

/// HTTP/1.1 requests out of bytes, one after another; knows no sockets. Stricter than it must be
/// where laxness lets two parties disagree about where a request ends.
class RequestParser {
 public:
  enum class State { head, body, complete, failed };

  explicit RequestParser(std::size_t header_limit);
  ~RequestParser();

  /// Forgets all, for the next request on the connection.
  void begin();
  /// Parses from the front of `bytes` and returns how many were used; the rest has to be given
  /// again with more behind it. Stops after the head: look at `state`, then `accept_body`. Body
  /// bytes are appended to `request().body`, which the caller may empty between calls.
  std::size_t put(std::string_view bytes);
  State state() const;
  RequestFault fault() const;

  /// Valid from the end of the head on, until `begin`.
  HttpRequest& request();
  bool has_body() const;  // whether body bytes are still to come
  std::optional<std::uint64_t> content_length() const;
  bool expects_continue() const;
  bool keep_alive() const;
  bool is_http_1_1() const;
  bool is_head_request() const;  // false before the end of the head
  /// After the head: fails with body_too_large now (Content-Length) or as soon as it shows
  /// (chunks).
  void accept_body(std::uint64_t limit);
  /// Of a refused request: true, and accepted, if the body is on its way and so small that reading
  /// it is cheaper than a new connection.
  bool accept_small_body(std::uint64_t limit);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
