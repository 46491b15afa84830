#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/commands.h"

namespace thaw::api {

/// One event of a webhook body: what to record, or why it is refused by its content alone.
struct WebhookEvent {
  std::optional<std::string> id;  // the sender's; no identity, only echoed. Nothing: malformed
  RecordLine command;
};

enum class WebhookBodyFault { unparsable, too_many };

inline constexpr std::size_t kMaxWebhookEvents = 500;

/// Reads one event or an array of them (SPEC §3.1, §3.6). An event that is wrong by itself comes
/// out with `rejected` set and never spoils its neighbours. Unknown fields are ignored.
/// Thread-safe.
std::expected<std::vector<WebhookEvent>, WebhookBodyFault> parse_webhook(const ProviderId& provider,
                                                                         std::string_view body);

}  // namespace thaw::api
