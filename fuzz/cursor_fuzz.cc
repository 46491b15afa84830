#include "adapters/http/target.h"
#include "app/api/call.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

using api::PageRequest;

/// The page that a list call with this query asks for. Answered is it exactly if that is none.
std::optional<PageRequest> read_page(HttpRequest request) {
  static const api::Context context;
  int answers = 0;
  const auto reply = [&](const HttpResponse& response) {
    ++answers;
    CHECK(response.status == 422);
    const auto problem = Json::parse(response.body);
    CHECK(problem && problem->find("code"));
  };
  const api::Call call{context, std::move(request), {}, {}, reply};
  auto page = api::read_page(call);
  CHECK(answers == (page ? 0 : 1));
  return page;
}

std::optional<PageRequest> read_cursor(const std::string& cursor) {
  HttpRequest request;
  request.query = {{"cursor", cursor}};
  return read_page(std::move(request));
}

}  // namespace

/// The query of a list call.
void fuzz_one(std::string_view input) {
  // What we hand out comes back as it was.
  const auto own = read_cursor(api::make_cursor(input));
  CHECK(own && own->after == input);

  HttpRequest request;
  if (!parse_target("/v1/cases?" + std::string(input), request)) return;
  const auto page = read_page(request);
  if (!page) return;
  CHECK(page->limit >= 1 && page->limit <= 1000);
  const auto again = read_cursor(api::make_cursor(page->after));
  CHECK(again && again->after == page->after);
}

}  // namespace thaw
