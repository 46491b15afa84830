#include "adapters/http/response_head.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace thaw {
namespace {

void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 && c != '\t') || byte == 0x7f ? ' ' : c;
  }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  append_text(out, name);
  out += ": ";
  append_text(out, value);
  out += "\r\n";
}

bool is_servers_own(std::string_view name) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"content-length", "transfer-encoding", "connection",
                                              "x-request-id"},
      [&](std::string_view own) { return HttpHeaders::same_name(name, own); });
}

struct Reason {
  int status;
  std::string_view phrase;
};
constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {425, "Too Early"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {507, "Insufficient Storage"},
};

}  // namespace

std::string_view reason_phrase(int status) {
  for (const Reason& reason : kReasons) {
    if (reason.status == status) return reason.phrase;
  }
  return "Status";
}

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

AnswerPlan plan_answer(const HttpResponse& response, bool may_keep_alive, bool is_http_1_1,
                       bool is_head_request) {
  AnswerPlan plan{BodyFraming::content_length, may_keep_alive && !response.close,
                  may_have_body(response.status) && !is_head_request};
  if (!may_have_body(response.status)) {
    plan.framing = BodyFraming::none;
  } else if (response.on_open && is_http_1_1) {
    plan.framing = BodyFraming::chunked;
  } else if (response.on_open) {
    plan.framing = BodyFraming::until_close;
    plan.keep_alive = false;
  }
  return plan;
}

std::string frame_piece(std::string_view bytes, BodyFraming framing) {
  if (bytes.empty() || framing != BodyFraming::chunked) return std::string(bytes);
  std::string framed = fmt::format("{:x}\r\n", bytes.size());
  return framed.append(bytes).append("\r\n");
}

std::string make_response_head(const HttpResponse& response, const ResponseHeadOptions& options) {
  std::string out;
  out.reserve(256);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                 reason_phrase(response.status));
  for (const auto& [name, value] : response.headers) {
    if (!is_servers_own(name)) append_field(out, name, value);
  }
  append_field(out, "X-Request-Id", options.request_id);
  switch (options.framing) {
    case BodyFraming::content_length:
      fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.size());
      break;
    case BodyFraming::chunked: out += "Transfer-Encoding: chunked\r\n"; break;
    case BodyFraming::until_close:
    case BodyFraming::none: break;
  }
  if (!options.keep_alive) {
    out += "Connection: close\r\n";
  } else if (!options.is_http_1_1) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  return out;
}

}  // namespace thaw
