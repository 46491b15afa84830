#include "adapters/http/handler_calls.h"

namespace thaw {

std::optional<HttpAdmission> ask_admission(HttpHandler& handler, const HttpRequest& head) {
  try {
    return handler.admit(head);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::shared_ptr<Handover<std::optional<HttpResponse>>> begin_answer(HttpHandler& handler,
                                                                    HttpRequest request,
                                                                    std::shared_ptr<void> home) {
  using Answer = std::optional<HttpResponse>;
  const auto answer = std::make_shared<Handover<Answer>>();
  try {
    handler.handle(std::move(request), make_giver(answer, Answer(), std::move(home)));
  } catch (const std::exception&) {
    // Whether it kept `reply` or not: the answer comes, or nothing for a reply let go of.
  }
  return answer;
}

std::shared_ptr<Handover<Status>> begin_store(BodySink& sink, std::string_view chunk,
                                              std::shared_ptr<void> home) {
  const auto stored = std::make_shared<Handover<Status>>();
  const Status if_dropped = fail(ErrorCode::io, "the sink gave up");
  try {
    sink.write(chunk, make_giver(stored, if_dropped, std::move(home)));
  } catch (const std::exception&) {
    // As above: `done` was called, or is let go of now.
  }
  return stored;
}

}  // namespace thaw
