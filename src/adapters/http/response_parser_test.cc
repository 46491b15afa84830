#include "adapters/http/response_parser.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

using State = ResponseParser::State;

/// As in request_parser_test.cc: a partner's answer must not end the process either.
TEST(ResponseParser, the_end_of_a_chunked_body_may_come_byte_by_byte) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string_view body : {"0\r\n\r\n", "2\r\nab\r\n0\r\n\r\n", "0\r\nX: y\r\n\r\n"}) {
    for (std::size_t step = 1; step < 8; ++step) {
      ResponseParser parser(false, 100);
      const std::string text = head + std::string(body);
      State state = State::incomplete;
      for (std::size_t at = 0; at < text.size(); at += step)
        state = parser.put(text.substr(at, step));
      ASSERT_EQ(state, State::complete) << body << " by " << step;
      EXPECT_EQ(parser.take().body, body.starts_with('2') ? "ab" : "");
      EXPECT_TRUE(parser.can_reuse());
    }
  }
}

TEST(ResponseParser, a_last_chunk_that_breaks_off_is_incomplete) {
  ResponseParser parser(false, 100);
  EXPECT_EQ(parser.put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
            State::incomplete);
  EXPECT_EQ(parser.put("h"), State::incomplete);
  EXPECT_EQ(parser.put_end(), State::incomplete);
}

}  // namespace
}  // namespace thaw
