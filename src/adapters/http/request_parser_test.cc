#include "adapters/http/request_parser.h"

#include <gtest/gtest.h>

#include "adapters/http/target.h"

namespace thaw {
namespace {

using State = RequestParser::State;

struct Parsed {
  State state;
  RequestFault fault;
  HttpRequest request;
  std::string rest;
};

/// Feeds `text` in pieces of `step` bytes, as a connection would.
Parsed parse(std::string_view text, std::size_t step, std::uint64_t body_limit = 1000,
             std::size_t header_limit = 500) {
  RequestParser parser(header_limit);
  std::string buffer;
  bool accepted = false;
  while (true) {
    const bool is_running = parser.state() == State::head || parser.state() == State::body;
    if (!is_running) break;
    if (!buffer.empty()) buffer.erase(0, parser.put(buffer));
    if (parser.state() == State::body && !accepted) {
      accepted = true;
      parser.accept_body(body_limit);
      continue;
    }
    if (text.empty()) break;
    if (parser.state() == State::complete || parser.state() == State::failed) break;
    buffer += text.substr(0, step);
    text.remove_prefix(std::min(step, text.size()));
  }
  return {parser.state(), parser.fault(), parser.request(), buffer + std::string(text)};
}

void expect_fault(std::string_view text, RequestFault fault) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
    const Parsed parsed = parse(text, step);
    EXPECT_EQ(parsed.state, State::failed) << text << " by " << step;
    EXPECT_EQ(parsed.fault, fault) << text << " by " << step;
  }
}

TEST(RequestParser, all_parts_however_the_bytes_are_cut) {
  const std::string text =
      "\r\nPOST /v1/a%2Fb/c?x=1+2&y=%C3%A4&flag HTTP/1.1\r\nHost: h\r\nX-Kind:  spaced \r\n"
      "content-length: 5\r\n\r\nhelloGET / ";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const Parsed parsed = parse(text, step);
    ASSERT_EQ(parsed.state, State::complete) << step;
    EXPECT_EQ(parsed.request.method, "POST");
    EXPECT_EQ(parsed.request.path, "/v1/a%2Fb/c");
    EXPECT_EQ(parsed.request.segments, (std::vector<std::string>{"v1", "a/b", "c"}));
    EXPECT_EQ(parsed.request.find_query("x"), "1 2");
    EXPECT_EQ(parsed.request.find_query("y"), "\xC3\xA4");
    EXPECT_EQ(parsed.request.find_query("flag"), "");
    EXPECT_EQ(parsed.request.find_query("z"), std::nullopt);
    EXPECT_EQ(parsed.request.headers.find("x-kind"), "spaced");
    EXPECT_EQ(parsed.request.body, "hello");
    EXPECT_EQ(parsed.rest, "GET / ");
  }
}

TEST(RequestParser, chunks_become_one_body_and_trailers_are_not_believed) {
  const std::string text =
      "PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;name=value\r\nabc\r\n4\r\ndefg\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const Parsed parsed = parse(text, step);
    ASSERT_EQ(parsed.state, State::complete) << step;
    EXPECT_EQ(parsed.request.body, "abcdefg");
    EXPECT_FALSE(parsed.request.headers.find("authorization"));
  }
}

TEST(RequestParser, whatever_could_smuggle_a_request_is_malformed) {
  for (const char* text : {
           "GET / HTTP/1.1\r\n\r\n",                        // no Host
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",  // two of them
           "GET / HTTP/1.1\r\nHost : h\r\n\r\n",            // space before ':'
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1x\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
           "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
           "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
           "GET /\r\nHost: h\r\n\r\n",
           "GET relative HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET /a?b=%2 HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n",
           "\x16\x03\x01\x02\x01\x01\xfc\x03\x03 not HTTP but a TLS greeting\r\n\r\n",
       }) {
    expect_fault(text, RequestFault::malformed);
  }
}

TEST(RequestParser, codings_and_expectations_that_are_not_known) {
  for (const char* coding : {"gzip", "gzip, chunked", "identity", "xchunked"}) {
    expect_fault(
        std::string("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ") + coding + "\r\n\r\n",
        RequestFault::unknown_coding);
  }
  expect_fault("POST / HTTP/1.1\r\nHost: h\r\nExpect: a-miracle\r\nContent-Length: 1\r\n\r\nx",
               RequestFault::unknown_expectation);
}

TEST(RequestParser, header_limit) {
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  EXPECT_EQ(parse(head + std::string(300, 'x') + "\r\n\r\n", 50).state, State::complete);
  expect_fault(head + std::string(600, 'x') + "\r\n\r\n", RequestFault::header_too_large);
  expect_fault("GET /" + std::string(600, 'x'), RequestFault::header_too_large);
}

TEST(RequestParser, body_limit_by_length_and_by_chunks) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(parse(head + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'), 90).state,
            State::complete);
  expect_fault(head + "Content-Length: 1001\r\n\r\n", RequestFault::body_too_large);
  expect_fault(head + "Content-Length: 18446744073709551615\r\n\r\n", RequestFault::body_too_large);
  const std::string chunk = "258\r\n" + std::string(600, 'x') + "\r\n";
  expect_fault(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk,
               RequestFault::body_too_large);
}

TEST(RequestParser, an_endless_chunk_extension_is_malformed) {
  expect_fault(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(2000, 'x'),
      RequestFault::malformed);
}

TEST(RequestParser, keep_alive) {
  const auto keep_alive = [](const std::string& text) {
    RequestParser parser(500);
    parser.put(text);
    EXPECT_EQ(parser.state(), State::complete) << text;
    return parser.keep_alive();
  };
  EXPECT_TRUE(keep_alive("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keep_alive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(Target, forms) {
  HttpRequest request;
  ASSERT_TRUE(parse_target("/", request));
  EXPECT_TRUE(request.segments.empty());
  request = {};
  ASSERT_TRUE(parse_target("http://host:80/a//b/?q", request));
  EXPECT_EQ(request.path, "/a//b/");
  EXPECT_EQ(request.segments, (std::vector<std::string>{"a", "", "b", ""}));
  request = {};
  ASSERT_TRUE(parse_target("https://host", request));
  EXPECT_EQ(request.path, "/");
  request = {};
  ASSERT_TRUE(parse_target("*", request));
  EXPECT_FALSE(parse_target("", request));
}

/// Beast asserts five bytes after the line of the last chunk;
/// fuzz/corpus/http_request/crash_last_chunk.
TEST(RequestParser, the_end_of_a_chunked_body_may_come_byte_by_byte) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string_view body : {"0\r\n\r\n", "2\r\nab\r\n0\r\n\r\n", "0\r\nX: y\r\n\r\n"}) {
    for (std::size_t step = 1; step < 8; ++step) {
      const Parsed parsed = parse(head + std::string(body) + "GET", step);
      ASSERT_EQ(parsed.state, State::complete) << body << " by " << step;
      EXPECT_EQ(parsed.request.body, body.starts_with('2') ? "ab" : "");
      EXPECT_EQ(parsed.rest, "GET");
    }
  }
}

}  // namespace
}  // namespace thaw
