#include <charconv>

#include "app/api/render.h"
#include "app/api/routes.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

std::optional<Enrolment> find_enrolment(const CallPtr& call, const WindowId& window) {
  const auto parts = parse_window_id(window.text());
  const auto member = parts ? call->read<Member>(keys::member(parts->member)) : std::nullopt;
  for (const Enrolment& enrolment : member ? member->enrolments : std::vector<Enrolment>()) {
    if (enrolment.id == window) return enrolment;
  }
  return std::nullopt;
}

void get_decision(const CallPtr& call) {
  const WindowId window(call->captured.front());
  const auto enrolment = find_enrolment(call, window);
  if (!enrolment) return call->fail(404, "unknown_enrolment", window.text());
  if (enrolment->revision == 0) return call->fail(404, "not_decided", window.text());
  std::int64_t revision = enrolment->revision;
  if (const auto text = call->request.find_query("revision")) {
    const auto number = parse_number(*text);
    if (!number) return call->fail(422, "invalid", "revision: a number from 1");
    revision = *number;
  }
  const auto decision = call->read<Decision>(keys::decision(window, revision));
  if (!decision) return call->fail(404, "unknown_revision", window.text());
  std::vector<DecisionLine> lines;
  for (std::int64_t chunk = 0; chunk < decision->line_chunks; ++chunk) {
    const auto part = call->read<DecisionLines>(keys::decision_lines(window, revision, chunk));
    if (!part) return call->fail(503, "damaged_state", "lines of the decision are missing");
    lines.insert(lines.end(), part->lines.begin(), part->lines.end());
  }
  call->answer(200, render(*decision, lines));
}

void get_reward(const CallPtr& call) {
  const WindowId window(call->captured.front());
  const auto parts = parse_window_id(window.text());
  const auto reward = find_last_issue([&](std::int64_t issue) {
    return parts ? call->read<Reward>(keys::reward(parts->member, window, issue)) : std::nullopt;
  });
  if (!reward) return call->fail(404, "no_reward", window.text());
  call->answer(200, render(*reward));
}

void get_case(const CallPtr& call) {
  const auto item = call->read<ReviewCase>(keys::review_case(call->captured.front()));
  if (!item) return call->fail(404, "unknown_case", call->captured.front());
  call->answer(200, render(*item));
}

void resolve_case(const CallPtr& call, bool approve) {
  std::string note;
  if (!call->request.body.empty()) {
    auto parsed = parse_object(call->request);
    if (auto* problem = std::get_if<HttpResponse>(&parsed)) return call->reply(std::move(*problem));
    BodyReader body(std::get<Json>(parsed));
    note = body.free_text("note").value_or("");
    const auto faults = body.finish();
    if (!faults.empty()) return call->fail(422, "invalid", "the request is not valid", faults);
  }
  const std::string id = call->captured.front();
  run_command(call, ResolveCase{id, approve, note}, [call, id](const Reply&) {
    const auto item = call->read<ReviewCase>(keys::review_case(id));
    return item ? render(*item) : Json::object();
  });
}

void approve_case(const CallPtr& call) {
  resolve_case(call, true);
}
void reject_case(const CallPtr& call) {
  resolve_case(call, false);
}

}  // namespace

std::vector<Route> verdict_routes() {
  const std::vector<Role> readers{Role::app, Role::care, Role::ops, Role::approver, Role::analyst};
  return {{"GET", {"v1", "decisions", "*"}, readers, get_decision},
          {"GET", {"v1", "rewards", "*"}, readers, get_reward},
          {"GET", {"v1", "cases", "*"}, {Role::care, Role::ops, Role::approver}, get_case},
          {"POST", {"v1", "cases", "*", "approve"}, {Role::approver}, approve_case},
          {"POST", {"v1", "cases", "*", "reject"}, {Role::approver}, reject_case}};
}

}  // namespace thaw::api
