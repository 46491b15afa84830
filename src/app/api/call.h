#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/json/json.h"
#include "app/api/body.h"
#include "app/api/context.h"

namespace thaw::api {

/// One request on its way through a route: what it carries, who calls, and how to answer once.
struct Call {
  const Context& context;
  HttpRequest request;
  Actor actor;
  std::vector<std::string> captured;  // the route's `*` segments, in order
  HttpHandler::Reply reply;

  void answer(int status, const Json& body) const;
  void fail(int status, std::string_view code, const std::string& detail,
            const std::vector<FieldFault>& errors = {}) const;

  /// False after the call was answered: its Idempotency-Key is not one.
  bool check_idempotency_key() const;
  std::optional<IdempotencyKey> idempotency_key() const;
  /// The command with the caller's identity and Idempotency-Key.
  Command make_command(CommandBody body) const;

  template <typename Row>
  std::optional<Row> read(const std::string& key) const {
    std::optional<Row> row;
    context.read([&](StateView& view) {
      if (const auto stored = view.find(key)) row = decode<Row>(stored->bytes);
    });
    return row;
  }
};

using CallPtr = std::shared_ptr<Call>;

/// Sends a command to the writer and answers with what `render` makes of a success; a refusal
/// becomes its problem, a full lane 429, a failed journal 503.
void run_command(const CallPtr& call, CommandBody body, std::function<Json(const Reply&)> render);

/// `limit` and `cursor` of a list (SPEC §3.1): a cursor is the last key seen, opaque to the caller.
struct PageRequest {
  std::size_t limit = 100;
  std::string after;
};
/// Nothing after the call was answered with what is wrong.
std::optional<PageRequest> read_page(const Call& call);
std::string make_cursor(std::string_view key);

}  // namespace thaw::api
