#pragma once

#include <string>
#include <string_view>

#include "application/ports/http.h"

namespace thaw {

/// How the end of an answer's body is told.
enum class BodyFraming { content_length, chunked, until_close, none };

struct ResponseHeadOptions {
  std::string_view request_id;
  BodyFraming framing = BodyFraming::content_length;
  bool keep_alive = true;
  bool is_http_1_1 = true;
};

/// Status line and header fields with the empty line. Control characters in a handler's names and
/// values become spaces, so that outside text can never begin a header of its own.
std::string make_response_head(const HttpResponse& response, const ResponseHeadOptions& options);

/// How to send `response`. Nothing more is served on the connection unless `may_keep_alive`.
struct AnswerPlan {
  BodyFraming framing;
  bool keep_alive;
  bool has_body;  // false to HEAD, and for statuses that have none
};
AnswerPlan plan_answer(const HttpResponse& response, bool may_keep_alive, bool is_http_1_1,
                       bool is_head_request);

/// A piece of a body without a stated length, as it goes over the wire; "" for an empty one.
std::string frame_piece(std::string_view bytes, BodyFraming framing);

/// "Not Found"; "Status" for a number without a name here.
std::string_view reason_phrase(int status);

/// 1xx, 204 and 304 have no body, whatever the handler says.
bool may_have_body(int status);

}  // namespace thaw
