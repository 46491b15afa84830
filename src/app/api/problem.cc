#include "app/api/problem.h"

#include "adapters/json/json.h"
#include "app/api/advice.h"
#include "base/check.h"

namespace thaw::api {
namespace {

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Error";
  }
}

}  // namespace

HttpResponse make_problem(int status, std::string_view code, const std::string& detail,
                          const std::string& request_id, const std::vector<FieldFault>& errors) {
  Json body = Json::object();
  body.set("type", "about:blank");
  body.set("title", title_of(status));
  body.set("status", std::int64_t{status});
  body.set("code", code);
  body.set("detail", detail);
  body.set("request_id", request_id);
  if (!errors.empty()) {
    Json list = Json::array();
    for (const FieldFault& error : errors) {
      list.push(Json::object().set("pointer", error.pointer).set("message", error.message));
    }
    body.set("errors", list);
  }
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/problem+json");
  response.body = body.dump();
  return response;
}

int status_of(ReplyCode code) {
  switch (code) {
    case ReplyCode::ok:
    case ReplyCode::repeated: return 200;
    case ReplyCode::created: return 201;
    case ReplyCode::awaiting_approval: return 202;
    case ReplyCode::too_large: return 413;
    case ReplyCode::invalid:
    case ReplyCode::future:
    case ReplyCode::too_far_back:
    case ReplyCode::rejected_line: return 422;
    case ReplyCode::unknown_campaign:
    case ReplyCode::unknown_enrolment:
    case ReplyCode::unknown_reference:
    case ReplyCode::unknown_provider:
    case ReplyCode::unknown_file:
    case ReplyCode::unknown_case:
    case ReplyCode::unknown_reward:
    case ReplyCode::unknown_dead_letter: return 404;
    case ReplyCode::not_published:
    case ReplyCode::enrolment_not_open:
    case ReplyCode::not_in_segment:
    case ReplyCode::exclusion_group_taken:
    case ReplyCode::budget_exhausted:
    case ReplyCode::enrolment_conflict:
    case ReplyCode::enrolment_cancelled:
    case ReplyCode::already_decided:
    case ReplyCode::reference_taken:
    case ReplyCode::stale_timer:
    case ReplyCode::too_early:
    case ReplyCode::file_id_conflict:
    case ReplyCode::case_closed:
    case ReplyCode::same_person:
    case ReplyCode::reward_exists:
    case ReplyCode::stale_attempt:
    case ReplyCode::idempotency_key_reuse:
    case ReplyCode::clock_moves_forward_only:
    case ReplyCode::draft_changed: return 409;
    case ReplyCode::damaged_state: return 503;
  }
  CHECK(false);
}

HttpResponse make_problem(const Reply& reply, const std::string& request_id) {
  const std::string detail(reply.detail.empty() ? advise(reply.code) : reply.detail);
  return make_problem(status_of(reply.code), to_string(reply.code), detail, request_id);
}

}  // namespace thaw::api
