#include "app/demo/webhook_sender.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw::demo {

Result<WebhookSender> WebhookSender::make(const std::string& secret) {
  auto signer = StandardWebhooks::make({secret});
  if (!signer) return fail_with(signer);
  return WebhookSender(std::move(*signer));
}

std::vector<Delivery> WebhookSender::pack(const std::vector<std::string>& events, std::size_t most,
                                          Random& random) {
  std::vector<Delivery> deliveries;
  for (std::size_t i = 0; i < events.size();) {
    const std::size_t end = std::min(events.size(), i + 1 + random.below(most));
    Delivery& delivery = deliveries.emplace_back();
    delivery.id = fmt::format("msg_{:06}", ++last_number_);
    delivery.events = end - i;
    for (; i < end; ++i) delivery.body += (delivery.body.empty() ? "[" : ",\n") + events[i];
    delivery.body += "]";
  }
  return deliveries;
}

HttpCallRequest WebhookSender::make_request(const Delivery& delivery, Instant now) {
  HttpCallRequest request{"POST", "/v1/webhooks/cardco", {}, delivery.body};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("webhook-id", delivery.id);
  request.headers.add("webhook-timestamp", std::to_string(now.ms / 1000));
  request.headers.add("webhook-signature", signer_.sign(delivery.id, now, delivery.body));
  return request;
}

}  // namespace thaw::demo
