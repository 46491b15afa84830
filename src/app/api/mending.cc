#include "app/api/page.h"
#include "app/api/routes.h"
#include "domain/clock_step.h"
#include "domain/dead_letters.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

constexpr const char* kRewards = "rewards";
constexpr const char* kClock = "clock";

std::string make_letter_id(const DeadLetter& letter) {
  return letter.consumer + ":" + letter.item;
}

void list_dead_letters(const CallPtr& call) {
  answer_page(call, keys::dead_letters(),
              [](StateView&, const std::string&, const StoredRow& row) -> std::optional<Json> {
                const auto letter = decode<DeadLetter>(row.bytes);
                if (!letter) return std::nullopt;
                Json json = Json::object();
                json.set("id", make_letter_id(*letter));
                json.set("consumer", letter->consumer).set("item", letter->item);
                json.set("member", letter->member.text());
                json.set("window_id", letter->window.text()).set("reason", letter->reason);
                json.set("at", to_rfc3339(letter->at)).set("attempts", letter->attempts);
                return json;
              });
}

void redrive(const CallPtr& call) {
  const std::string& id = call->captured.front();
  const std::size_t colon = id.find(':');
  if (colon == std::string::npos) return call->fail(404, "unknown_dead_letter", id);
  run_command(
      call, RedriveDeadLetter{id.substr(0, colon), id.substr(colon + 1)},
      [id](const Reply&) { return Json::object().set("id", id).set("status", "redriven"); });
}

/// The optional `name` of a body, or `fallback`. Nothing after the call was answered.
std::optional<std::string> read_text(const CallPtr& call, const char* name,
                                     const std::string& fallback) {
  if (call->request.body.empty()) return fallback;
  auto parsed = parse_object(call->request);
  if (auto* problem = std::get_if<HttpResponse>(&parsed)) {
    call->reply(std::move(*problem));
    return std::nullopt;
  }
  BodyReader body(std::get<Json>(parsed));
  const std::string text = body.free_text(name).value_or(fallback);
  const auto faults = body.finish();
  if (faults.empty()) return text;
  call->fail(422, "invalid", "the request is not valid", faults);
  return std::nullopt;
}

void redrive_all(const CallPtr& call) {
  const auto consumer = read_text(call, "consumer", kRewardLetters);
  if (!consumer) return;
  run_command(call, RedriveAll{*consumer, {}},
              [](const Reply&) { return Json::object().set("status", "redriven"); });
}

Json render_fences(const CallPtr& call) {
  const Fence fence = call->read<Fence>(keys::fence()).value_or(Fence{});
  const ClockWatch clock = call->read<ClockWatch>(keys::clock()).value_or(ClockWatch{});
  Json rewards = Json::object().set("is_up", fence.is_up);
  if (fence.is_up) rewards.set("since", to_rfc3339(fence.since)).set("reason", fence.reason);
  Json held = Json::object().set("is_up", clock.is_held);
  if (clock.is_held) {
    held.set("since", to_rfc3339(clock.held_since)).set("ahead_seconds", clock.ahead.ms / 1000);
  }
  return Json::object().set(kRewards, rewards).set(kClock, held);
}

void get_fences(const CallPtr& call) {
  call->answer(200, render_fences(call));
}

void raise_fence(const CallPtr& call) {
  const auto reason = read_text(call, "reason", "raised by a person");
  if (!reason) return;
  run_command(call, SetFence{true, *reason}, [call](const Reply&) { return render_fences(call); });
}

void lift_fence(const CallPtr& call) {
  const auto what = read_text(call, "what", kRewards);
  if (!what) return;
  const auto render = [call](const Reply&) { return render_fences(call); };
  if (*what == kRewards) return run_command(call, SetFence{false, {}}, render);
  if (*what == kClock) return run_command(call, ReleaseClock{call->context.read_clock()}, render);
  call->fail(422, "invalid", "what: rewards or clock");
}

}  // namespace

std::vector<Route> mending_routes() {
  return {{"GET", {"v1", "dead-letters"}, {Role::ops}, list_dead_letters},
          {"POST", {"v1", "dead-letters", "redrive"}, {Role::ops}, redrive_all},
          {"POST", {"v1", "dead-letters", "*", "redrive"}, {Role::ops}, redrive},
          {"GET", {"v1", "fences"}, {Role::ops, Role::approver}, get_fences},
          {"POST", {"v1", "fences", "raise"}, {Role::ops}, raise_fence},
          {"POST", {"v1", "fences", "lift"}, {Role::ops, Role::approver}, lift_fence}};
}

}  // namespace thaw::api
