#include "adapters/http/response_parser.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

constexpr std::uint64_t kBodyLimit = 512;
using State = ResponseParser::State;

struct Read {
  State state = State::incomplete;
  std::optional<HttpResponse> response;
};

Read read_all(std::string_view bytes, std::size_t piece, bool to_head) {
  ResponseParser parser(to_head, kBodyLimit);
  Read read;
  while (!bytes.empty() && read.state == State::incomplete) {
    read.state = parser.put(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (read.state == State::incomplete) read.state = parser.put_end();
  if (read.state == State::complete) read.response = parser.take();
  return read;
}

void check_response(const HttpResponse& response, bool to_head) {
  CHECK(response.status / 100 != 1 && response.status <= 999);  // interim ones are passed over
  CHECK(response.body.size() <= kBodyLimit && (!to_head || response.body.empty()));
  for (const auto& [name, value] : response.headers) {
    CHECK(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
  }
}

}  // namespace

/// A byte that says whether the request was HEAD, then what the peer sends.
void fuzz_one(std::string_view input) {
  InputReader reader(input);
  const bool to_head = reader.take_byte() % 2 == 1;
  const Read whole = read_all(reader.rest(), SIZE_MAX, to_head);
  if (whole.response) check_response(*whole.response, to_head);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}}) {
    const Read pieces = read_all(reader.rest(), piece, to_head);
    CHECK((pieces.state == State::complete) == (whole.state == State::complete));
    if (!whole.response) continue;
    CHECK(pieces.response->status == whole.response->status);
    CHECK(pieces.response->headers == whole.response->headers);
    CHECK(pieces.response->body == whole.response->body);
  }
}

}  // namespace thaw
