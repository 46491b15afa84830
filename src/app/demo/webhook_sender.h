#pragma once

#include <string>
#include <vector>

#include "adapters/crypto/standard_webhooks.h"
#include "application/ports/http.h"
#include "base/random.h"

namespace thaw::demo {

/// One delivery of the processor: an id and a body, which stay what they are when it is sent again.
struct Delivery {
  std::string id;
  std::string body;
  std::size_t events = 0;
};

/// Signs deliveries as the processor does. Not thread-safe.
class WebhookSender {
 public:
  static Result<WebhookSender> make(const std::string& secret);

  /// Events into deliveries of 1 to `most`, under ids never used before.
  std::vector<Delivery> pack(const std::vector<std::string>& events, std::size_t most,
                             Random& random);
  HttpCallRequest make_request(const Delivery& delivery, Instant now);

 private:
  explicit WebhookSender(StandardWebhooks signer) : signer_(std::move(signer)) {}

  StandardWebhooks signer_;
  std::int64_t last_number_ = 0;
};

}  // namespace thaw::demo
