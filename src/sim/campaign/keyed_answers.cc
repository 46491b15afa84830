#include "sim/campaign/keyed_answers.h"

#include <fmt/format.h>

#include "base/codec.h"

namespace thaw {

std::optional<IdempotencyKey> KeyedAnswers::key_of(std::uint64_t message) {
  if (message % 3 == 0) return std::nullopt;
  return IdempotencyKey{"a call", fmt::format("message {}", message), "its body"};
}

std::string KeyedAnswers::take(std::uint64_t message, const Reply& reply, Instant at) {
  if (!key_of(message)) return "";
  if (reply.is_replay && !is_success(reply.code)) {
    return fmt::format("message {}: a refusal burnt its key: {}", message, to_string(reply.code));
  }
  const auto before = done_.find(message);
  if (before == done_.end()) {
    if (is_success(reply.code)) done_.emplace(message, Done{at, encode(reply)});
    return "";
  }
  if (reply.is_replay && encode(reply) == before->second.reply) return "";
  return fmt::format("message {}: answered otherwise under its key, now {}", message,
                     to_string(reply.code));
}

void KeyedAnswers::forget_since(Instant at) {
  std::erase_if(done_, [at](const auto& done) { return done.second.at >= at; });
}

}  // namespace thaw
