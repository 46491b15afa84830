#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "application/ports/http.h"
#include "base/instant.h"
#include "base/result.h"

namespace thaw {

struct HttpClientOptions {
  std::string url;      // "https://points.example/v2": the request's target is put behind it
  std::string ca_file;  // PEM of the authorities to trust; empty: the system's
  Duration connect_timeout = Duration::seconds(5);  // within the timeout of each call
  std::uint64_t answer_limit = 1024 * 1024;         // bytes of body; more is `unreadable`
  std::size_t idle_connections_max = 8;             // kept for reuse
  Duration idle_max = Duration::seconds(15);        // kept for so long
};

/// HTTP/1.1 client of one peer, with kept connections; each call blocks its own thread.
///
/// A kept connection may have been closed by the peer. It is looked at before it is used, and if
/// not one byte of the request could be written the request goes over a new one. If it turns out
/// dead after a byte was written, the outcome is `broken`: the peer may have acted.
class HttpClient final : public HttpCall {
 public:
  /// `invalid` for a URL or a file of authorities that cannot be used. Connects at the first call.
  static Result<std::unique_ptr<HttpClient>> make(HttpClientOptions options);
  ~HttpClient() override;

  std::variant<HttpResponse, HttpCallError> send(const HttpCallRequest& request,
                                                 Duration timeout) override;

 private:
  struct Implementation;
  explicit HttpClient(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
