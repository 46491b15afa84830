#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// The one pure step: what a command does to the state that it sees, at the writer's `recorded_at`.
/// May run any number of times before its WriteSet is written once. A caller's idempotency key is
/// looked up first and stored with a success: the same request again answers the first reply and
/// writes nothing; another request under the key is refused.
WriteSet decide(const Command& command, StateView& view, Instant recorded_at);

/// Stored under a caller's idempotency key.
struct StoredAnswer {
  std::string request_hash;
  Reply reply;
  Instant recorded_at;
};
template <typename Archive>
void describe(Archive& ar, StoredAnswer& a) {
  ar(a.request_hash, a.reply, a.recorded_at);
}

}  // namespace thaw
