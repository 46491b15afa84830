#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "adapters/http/handover.h"
#include "application/ports/http.h"

namespace thaw {

/// Calls into code that is not ours. An exception of theirs ends in an answer, never in the event
/// loop. `home` is what must outlive the answer still to come.

/// Nothing if the handler threw.
std::optional<HttpAdmission> ask_admission(HttpHandler& handler, const HttpRequest& head);

/// Will hold the answer; nothing if the reply was let go of.
std::shared_ptr<Handover<std::optional<HttpResponse>>> begin_answer(HttpHandler& handler,
                                                                    HttpRequest request,
                                                                    std::shared_ptr<void> home);

/// Will hold whether the sink took the chunk, which has to stay where it is until then.
std::shared_ptr<Handover<Status>> begin_store(BodySink& sink, std::string_view chunk,
                                              std::shared_ptr<void> home);

}  // namespace thaw
