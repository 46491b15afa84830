#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/instant.h"
#include "domain/commands.h"
#include "domain/reply.h"

namespace thaw {

/// Two senders of three put a key of their own making on a call, as SPEC §3.1 lets them; what they
/// were told under it says what they must be told again.
class KeyedAnswers {
 public:
  /// The key of a message of the world; nothing: sent without one.
  static std::optional<IdempotencyKey> key_of(std::uint64_t message);
  /// The same key on another body, now and then.
  static bool is_misused(std::uint64_t message) { return message % 7 == 1; }

  /// True if it was carried out under its key before, and nothing of that has been lost.
  bool was_done(std::uint64_t message) const { return done_.contains(message); }
  /// Takes an answer in; what is wrong with it, or "".
  std::string take(std::uint64_t message, const Reply& reply, Instant at);
  /// After a restore: what was answered since is forgotten there, too.
  void forget_since(Instant at);

 private:
  struct Done {
    Instant at;
    std::string reply;  // as stored
  };
  std::map<std::uint64_t, Done> done_;  // by message
};

}  // namespace thaw
