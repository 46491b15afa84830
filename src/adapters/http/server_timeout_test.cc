#include <thread>

#include "adapters/http/server_for_test.h"

namespace thaw {
namespace {

using Clock = std::chrono::steady_clock;

/// Short enough to test, long enough for a busy machine to answer in.
HttpServerOptions quick() {
  HttpServerOptions options;
  options.idle_timeout = options.header_timeout = options.body_timeout = Duration{200};
  options.write_timeout = Duration{200};
  return options;
}

TEST(HttpServerTimeouts, a_head_that_trickles_is_408_in_time) {
  ScriptedHandler handler;
  RunningServer server(quick(), handler);
  RawSocket slow = server.connect();
  const auto begin = Clock::now();
  const std::string head = get("/", "X: " + std::string(10'000, 'x'));
  std::size_t sent = 0;
  // A byte each 5 ms keeps any timeout of single reads from ever firing.
  while (sent < head.size() && slow.send(head.substr(sent, 1))) {
    ++sent;
    pollfd entry{slow.descriptor(), POLLIN, 0};
    if (::poll(&entry, 1, 5) > 0) break;
  }
  const std::string answer = slow.read_answer();
  EXPECT_EQ(status_of(answer), 408);
  EXPECT_TRUE(contains(answer, "header_timeout"));
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(200));
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  slow.end_sending();
  EXPECT_TRUE(slow.is_ended());
  EXPECT_EQ(server->counters().timeouts, 1U);
}

TEST(HttpServerTimeouts, a_body_that_stalls_is_408) {
  ScriptedHandler handler;
  RunningServer server(quick(), handler);
  RawSocket slow = server.connect();
  ASSERT_TRUE(slow.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf"));
  const std::string answer = slow.read_answer();
  EXPECT_EQ(status_of(answer), 408);
  EXPECT_TRUE(contains(answer, "body_timeout"));
}

TEST(HttpServerTimeouts, a_body_that_trickles_below_the_rate_is_408) {
  ScriptedHandler handler;
  HttpServerOptions options = quick();
  options.body_rate_min = 100'000;
  RunningServer server(options, handler);
  RawSocket slow = server.connect();
  ASSERT_TRUE(slow.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\n"));
  pollfd entry{slow.descriptor(), POLLIN, 0};
  int sent = 0;
  while (sent < 10'000 && ::poll(&entry, 1, 5) == 0 && slow.send("x")) ++sent;
  EXPECT_LT(sent, 10'000);
  EXPECT_EQ(status_of(slow.read_answer()), 408);
}

TEST(HttpServerTimeouts, idle_connections_are_closed_without_a_word) {
  ScriptedHandler handler;
  RunningServer server(quick(), handler);
  RawSocket silent = server.connect();
  RawSocket served = server.connect();
  ASSERT_TRUE(served.send(post("/", "x")));
  EXPECT_EQ(status_of(served.read_answer()), 200);
  EXPECT_TRUE(silent.is_ended());
  EXPECT_TRUE(served.is_ended());
  EXPECT_EQ(server->counters().timeouts, 0U);
}

TEST(HttpServerTimeouts, a_peer_that_does_not_read_is_let_go) {
  ScriptedHandler handler;
  handler.paths["/"] = [](HttpRequest, HttpHandler::Reply reply) {
    HttpResponse large;
    large.body.resize(64'000'000, 'x');
    reply(std::move(large));
  };
  RunningServer server(quick(), handler);
  RawSocket deaf = server.connect();
  ASSERT_TRUE(deaf.send(get("/")));
  EXPECT_TRUE(eventually([&] { return server->counters().timeouts == 1; }));
  EXPECT_TRUE(eventually([&] { return server->counters().connections_active == 0; }));
}

TEST(HttpServerTimeouts, a_slow_handler_is_not_the_peers_fault) {
  ScriptedHandler handler;
  HeldReplies held;
  handler.paths["/"] = held.handle();
  RunningServer server(quick(), handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(get("/")));
  const auto reply = held.take();
  RawSocket idle = server.connect();
  EXPECT_TRUE(idle.is_ended());  // that is longer than any of the timeouts
  reply({.body = "at last"});
  EXPECT_TRUE(peer.read_answer().ends_with("at last"));
}

}  // namespace
}  // namespace thaw
