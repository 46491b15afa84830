#include <atomic>
#include <mutex>

#include "app/api/routes.h"
#include "app/api/webhook_events.h"

namespace thaw::api {
namespace {

/// The events of one delivery on their way through the writer; the last one answers.
struct Delivery {
  CallPtr call;
  std::vector<std::optional<std::string>> ids;  // as sent; nothing: null
  std::vector<std::string> outcomes;
  std::atomic<std::size_t> left;
  std::mutex mutex;
  std::optional<Error> error;
  bool is_unknown_provider = false;

  void settle(std::size_t index, const Result<Reply>& reply) {
    {
      const std::scoped_lock lock(mutex);
      if (!reply) {
        error = reply.error();
      } else if (reply->placed) {
        outcomes[index] = to_string(*reply->placed);
      } else {
        is_unknown_provider = true;
      }
    }
    if (left.fetch_sub(1) == 1) answer();
  }

  void answer() {
    // A delivery with one event unanswered is sent again whole; what was recorded is a duplicate
    // then.
    if (error) return call->fail(503, "unavailable", error->detail);
    if (is_unknown_provider) return call->fail(404, "unknown_provider", call->captured.front());
    Json results = Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const Json id = ids[i] ? Json(*ids[i]) : Json();
      results.push(Json::object().set("id", id).set("outcome", outcomes[i]));
    }
    call->answer(200, Json::object().set("results", results));
  }
};

void submit(const std::shared_ptr<Delivery>& delivery, std::vector<WebhookEvent> events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto done = [delivery, i](const Result<Reply>& reply) { delivery->settle(i, reply); };
    Command command{std::move(events[i].command), {}, false, {}};
    if (!delivery->call->context.submit(Lane::requests, std::move(command), done)) {
      done(fail(ErrorCode::unavailable, "the server has too much waiting", true));
    }
  }
}

void post_webhook(const CallPtr& call) {
  const auto provider = parse_provider_id(call->captured.front());
  if (!provider) return call->fail(404, "unknown_provider", call->captured.front());
  switch (call->context.check_signature(*provider, call->request)) {
    case SignatureCheck::ok: break;
    case SignatureCheck::unknown_provider:
      return call->fail(404, "unknown_provider", call->captured.front());
    case SignatureCheck::refused:
      return call->fail(401, "bad_signature", "the signature is missing, wrong or stale");
  }
  auto events = parse_webhook(*provider, call->request.body);
  if (!events && events.error() == WebhookBodyFault::too_many) {
    return call->fail(413, "too_many_events", "at most 500 events in one delivery");
  }
  if (!events)
    return call->fail(400, "unparsable", "an event object or an array of them is wanted");
  if (events->empty()) return call->answer(200, Json::object().set("results", Json::array()));
  auto delivery = std::make_shared<Delivery>();
  delivery->call = call;
  for (const WebhookEvent& event : *events) delivery->ids.push_back(event.id);
  delivery->outcomes.resize(events->size());
  delivery->left = events->size();
  submit(delivery, std::move(*events));
}

}  // namespace

std::vector<Route> webhook_routes() {
  return {{"POST", {"v1", "webhooks", "*"}, {}, post_webhook}};
}

}  // namespace thaw::api
