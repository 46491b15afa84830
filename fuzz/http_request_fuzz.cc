#include <vector>

#include "adapters/http/request_parser.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

constexpr std::size_t kHeaderLimit = 1024;
constexpr std::uint64_t kBodyLimit = 512;

struct Read {
  std::vector<HttpRequest> requests;  // whole ones
  bool has_failed = false;
};

void check_request(const HttpRequest& request, bool is_1_1) {
  CHECK(!request.method.empty() && !request.path.empty());
  CHECK(request.path == "*" || request.path.starts_with('/'));
  CHECK(request.body.size() <= kBodyLimit);
  CHECK(!is_1_1 || request.headers.count("host") == 1);
  // Two parties that disagree about where a request ends let one be smuggled into another.
  const auto length = request.headers.find("content-length");
  CHECK(!length || !request.headers.find("transfer-encoding"));
  for (const auto& [name, value] : request.headers) {
    CHECK(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
  }
}

/// Hands on what has arrived as often as the parser moves by it; false: it wants more, or has
/// failed.
bool put_all(RequestParser& parser, std::string& arrived) {
  for (;;) {
    const auto before = parser.state();
    if (before == RequestParser::State::complete) return true;
    if (before == RequestParser::State::failed || arrived.empty()) return false;
    const std::size_t used = parser.put(arrived);
    CHECK(used <= arrived.size());
    arrived.erase(0, used);
    if (before == RequestParser::State::head && parser.state() == RequestParser::State::body) {
      parser.accept_body(kBodyLimit);
    } else if (used == 0 && parser.state() == before) {
      return false;
    }
  }
}

/// As a session does, the bytes arriving in pieces of one size.
Read read_all(std::string_view bytes, std::size_t piece) {
  Read read;
  RequestParser parser(kHeaderLimit);
  std::string arrived;
  while (!bytes.empty()) {
    arrived += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (put_all(parser, arrived)) {
      check_request(parser.request(), parser.is_http_1_1());
      read.requests.push_back(std::move(parser.request()));
      parser.begin();
    }
    if (parser.state() == RequestParser::State::failed) {
      CHECK(parser.fault() != RequestFault::none);
      read.has_failed = true;
      return read;
    }
    CHECK(parser.fault() == RequestFault::none);
  }
  return read;
}

bool is_same(const HttpRequest& a, const HttpRequest& b) {
  return a.method == b.method && a.path == b.path && a.segments == b.segments &&
         a.query == b.query && a.headers == b.headers && a.body == b.body;
}

}  // namespace

void fuzz_one(std::string_view input) {
  const Read whole = read_all(input, SIZE_MAX);
  // The limit of a head is not exact: a first line that was taken before the rest does not count.
  if (input.size() >= kHeaderLimit) return;
  // Where packets end says nothing about where requests do.
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}}) {
    const Read pieces = read_all(input, piece);
    CHECK(pieces.requests.size() == whole.requests.size());
    for (std::size_t i = 0; i < whole.requests.size(); ++i) {
      CHECK(is_same(whole.requests[i], pieces.requests[i]));
    }
    // A head that can only be wrong may show that late, when more of it has come.
    CHECK(!pieces.has_failed || whole.has_failed);
  }
}

}  // namespace thaw
