#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/http/url.h"
#include "application/ports/http.h"

namespace thaw {

using Deadline = std::chrono::steady_clock::time_point;

enum class WireState {
  ok,
  closed,   // the peer ended the stream
  broken,   // reset, or not what the protocol allows
  timeout,  // the deadline passed
};

/// A connected byte stream to a peer; blocking, each call until its deadline. One thread at a time.
class Wire {
 public:
  virtual ~Wire() = default;
  /// Writes all. `may_have_left` turns true as soon as the system has taken a byte, and is
  /// otherwise left as it is.
  virtual WireState write(std::string_view bytes, Deadline deadline, bool& may_have_left) = 0;
  /// Reads at least one byte into `into` (its size is the room; it is cut to what came).
  virtual WireState read(std::string& into, Deadline deadline) = 0;
  /// False if bytes or the end of the stream have come in unasked: not fit for another request.
  virtual bool is_quiet() = 0;
};

/// Connects by TCP. The name look-up is the system's and not bounded by the deadline.
std::variant<std::unique_ptr<Wire>, HttpCallError> connect_tcp(const Url& url, Deadline deadline);

/// Certificate authorities and protocol versions, shared by all connections. Thread-safe.
class TlsClientContext {
 public:
  /// `ca_file` empty: those of the system.
  static Result<std::unique_ptr<TlsClientContext>> make(const std::string& ca_file);
  ~TlsClientContext();

  /// Shakes hands and checks that the certificate is the host's.
  std::variant<std::unique_ptr<Wire>, HttpCallError> wrap(std::unique_ptr<Wire> wire,
                                                          const Url& url, Deadline deadline) const;

 private:
  struct Implementation;
  explicit TlsClientContext(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
