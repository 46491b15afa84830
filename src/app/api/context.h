#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "application/engine/lanes.h"
#include "application/ports/http.h"
#include "domain/state.h"

namespace thaw::api {

/// What a key's holder may do (SPEC §3.3).
enum class Role : std::uint8_t { app, ingest, care, ops, approver, analyst, admin };

/// Who is calling.
struct Actor {
  std::string principal;
  std::vector<Role> roles;  // admin may do what any other may
  bool two_persons = true;  // the rule is off where there is one principal (auth.mode = "none")

  bool has(const std::vector<Role>& any_of) const;
};

enum class SignatureCheck { ok, unknown_provider, refused };

/// What the door needs of the rest, as functions: the ledger's lanes and reads, the clock,
/// identities. All are safe to call from any thread.
struct Context {
  /// False: the lane is full. `done` comes once the outcome is durable.
  std::function<bool(Lane, Command, std::function<void(Result<Reply>)> done)> submit;
  std::function<void(const std::function<void(StateView&)>&)> read;
  std::function<Instant()> now;
  /// The caller, or the answer to send (401).
  std::function<std::variant<Actor, HttpResponse>(const HttpRequest&)> authenticate;
  std::function<SignatureCheck(const ProviderId&, const HttpRequest&)> check_signature;
  std::function<std::string(std::string_view)> hash_content;    // SHA-256, hex
  std::function<std::string(std::string_view)> hash_reference;  // keyed
};

}  // namespace thaw::api
