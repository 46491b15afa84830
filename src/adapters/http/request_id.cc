#include "adapters/http/request_id.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw {
namespace {

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace

std::string pick_request_id(const HttpHeaders& headers, Random& random) {
  const auto sent = headers.find("x-request-id");
  if (sent && is_request_id(*sent)) return std::string(*sent);
  return fmt::format("{:016x}", random.next());
}

}  // namespace thaw
