#include "app/api/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace thaw::api {
namespace {

constexpr std::size_t kLimitMax = 1000;
constexpr std::size_t kIdempotencyKeyMax = 128;

std::optional<std::string> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (error != std::errc{} || end != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace

bool Actor::has(const std::vector<Role>& any_of) const {
  return std::any_of(roles.begin(), roles.end(), [&](Role role) {
    return role == Role::admin || std::find(any_of.begin(), any_of.end(), role) != any_of.end();
  });
}

void Call::answer(int status, const Json& body) const {
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = body.dump();
  reply(std::move(response));
}

void Call::fail(int status, std::string_view code, const std::string& detail,
                const std::vector<FieldFault>& errors) const {
  reply(make_problem(status, code, detail, request.request_id, errors));
}

bool Call::check_idempotency_key() const {
  const auto key = request.headers.find("Idempotency-Key");
  if (!key || (key->size() <= kIdempotencyKeyMax && is_provider_text(*key))) return true;
  fail(400, "invalid_idempotency_key", "1 to 128 bytes of printable UTF-8");
  return false;
}

std::optional<IdempotencyKey> Call::idempotency_key() const {
  const auto key = request.headers.find("Idempotency-Key");
  if (!key) return std::nullopt;
  return IdempotencyKey{request.method + " " + request.path, std::string(*key),
                        context.hash_content(request.body)};
}

Command Call::make_command(CommandBody body) const {
  return {std::move(body), actor.principal, actor.two_persons, idempotency_key()};
}

void run_command(const CallPtr& call, CommandBody body, std::function<Json(const Reply&)> render) {
  if (!call->check_idempotency_key()) return;
  const auto done = [call, render = std::move(render)](Result<Reply> reply) {
    if (!reply) return call->fail(503, "unavailable", reply.error().detail);
    if (!is_success(reply->code))
      return call->reply(make_problem(*reply, call->request.request_id));
    HttpResponse response;
    response.status = status_of(reply->code);
    response.headers.add("Content-Type", "application/json");
    if (reply->is_replay) response.headers.add("Idempotent-Replayed", "true");
    if (reply->code == ReplyCode::awaiting_approval) {
      response.body =
          Json::object().set("status", "awaiting_approval").set("case", reply->case_id).dump();
    } else {
      response.body = render(*reply).dump();
    }
    call->reply(std::move(response));
  };
  if (call->context.submit(Lane::requests, call->make_command(std::move(body)), done)) return;
  HttpResponse full =
      make_problem(429, "too_busy", "the server has too much waiting", call->request.request_id);
  full.headers.add("Retry-After", "1");
  call->reply(std::move(full));
}

std::optional<PageRequest> read_page(const Call& call) {
  PageRequest page;
  if (const auto limit = call.request.find_query("limit")) {
    const auto [end, error] =
        std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 ||
        page.limit > kLimitMax) {
      call.fail(422, "invalid", "limit: 1 to 1000");
      return std::nullopt;
    }
  }
  if (const auto cursor = call.request.find_query("cursor")) {
    const auto after = parse_hex(*cursor);
    if (!after) {
      call.fail(422, "invalid", "cursor: not one of ours");
      return std::nullopt;
    }
    page.after = *after;
  }
  return page;
}

std::string make_cursor(std::string_view key) {
  std::string text;
  for (const char c : key) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

}  // namespace thaw::api
