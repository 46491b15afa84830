#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/api/roles.h"
#include "application/engine/lanes.h"
#include "application/ports/http.h"
#include "application/settlement/importer.h"
#include "domain/state.h"

namespace thaw::api {

/// Who is calling.
struct Actor {
  std::string principal;
  std::vector<Role> roles;  // admin may do what any other may
  bool two_persons = true;  // the rule is off where there is one principal (auth.mode = "none")

  bool has(const std::vector<Role>& any_of) const;
};

enum class SignatureCheck { ok, unknown_provider, refused };

/// A settlement file whose body has been taken by the sink of `open_upload`.
struct FileUpload {
  ProviderId provider;
  std::string format;  // empty: what the provider is configured to send
  bool is_dry_run = false;
  std::shared_ptr<BodySink> body;
  FileCaller caller;
};

/// What became of it. A refusal has nothing applied.
struct FileTaken {
  AcceptResult result;
  bool is_applying = false;  // accepted; its records follow
};

/// A move of the manual clock has come to rest, or goes on behind the answer.
struct ClockMoved {
  Instant now;
  bool is_settled = false;
  std::string waits_for;  // what is still at work
};

struct Health {
  bool is_live = true;
  bool is_ready = true;
  std::string detail;
};

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
  std::function<std::string(std::string_view)> hash_content;    // 16 raw bytes
  std::function<std::string(std::string_view)> hash_reference;  // keyed
  std::function<Instant(CivilDate)> start_of_day;               // in the default zone

  std::function<bool(std::string_view)> knows_zone;

  std::function<bool(Lane)> is_full;
  std::function<Result<std::shared_ptr<BodySink>>()> open_upload;
  std::function<void(FileUpload, std::function<void(Result<FileTaken>)>)> take_file;
  std::function<ClockReading()> read_clock;
  /// Null unless the clock is moved by hand. Nothing is moved if it would go back: false.
  std::function<bool(Instant, std::function<void(ClockMoved)>)> move_clock;
  std::function<Health()> health;
  std::function<std::string()> metrics;  // Prometheus text
};

}  // namespace thaw::api
