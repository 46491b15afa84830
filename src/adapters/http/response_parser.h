#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "application/ports/http.h"

namespace thaw {

/// One HTTP/1.1 answer out of bytes; interim 1xx answers are passed over. Knows no sockets.
class ResponseParser {
 public:
  enum class State { incomplete, complete, unreadable, too_large };

  /// `to_head`: the request was HEAD, so no body follows.
  ResponseParser(bool to_head, std::uint64_t body_limit);
  ~ResponseParser();

  State put(std::string_view bytes);
  /// The stream has ended: `complete` if the body ran to its end, else `incomplete`.
  State put_end();

  HttpResponse take();
  /// Whether the connection can carry another request: kept alive, with nothing left over.
  bool can_reuse() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
