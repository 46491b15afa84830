#include <future>

#include "adapters/http/server_for_test.h"

namespace thaw {
namespace {

constexpr Duration kLong = Duration::seconds(30);

TEST(HttpServerDrain, finishes_what_is_in_flight_and_closes_what_is_idle) {
  ScriptedHandler handler;
  HeldReplies held;
  handler.paths["/held"] = held.handle();
  RunningServer server({.threads = 2}, handler);
  RawSocket idle = server.connect();
  ASSERT_TRUE(idle.send(post("/echo", "x")));
  EXPECT_EQ(status_of(idle.read_answer()), 200);
  RawSocket busy = server.connect();
  ASSERT_TRUE(busy.send(get("/held")));
  const auto reply = held.take();

  auto drained = std::async(std::launch::async, [&] { return server->drain(kLong); });
  EXPECT_TRUE(idle.is_ended());
  EXPECT_EQ(drained.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  reply({.body = "done"});
  const std::string answer = busy.read_answer();
  EXPECT_TRUE(answer.ends_with("done"));
  EXPECT_TRUE(contains(answer, "Connection: close"));
  EXPECT_TRUE(busy.is_ended());
  EXPECT_EQ(drained.get(), 0U);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = RawSocket::loopback(server->port());
  EXPECT_NE(::connect(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ::close(descriptor);
}

TEST(HttpServerDrain, a_request_under_way_is_still_read_and_answered) {
  ScriptedHandler handler;
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Le"));
  RawSocket idle = server.connect();
  // The connections are known to the server once one after them has been answered.
  RawSocket after = server.connect();
  ASSERT_TRUE(after.send(post("/", "x", "Connection: close\r\n")));
  EXPECT_EQ(status_of(after.read_answer()), 200);
  auto drained = std::async(std::launch::async, [&] { return server->drain(kLong); });
  EXPECT_TRUE(idle.is_ended());  // so the drain has begun
  ASSERT_TRUE(peer.send("ngth: 5\r\n\r\nhello"));
  EXPECT_TRUE(peer.read_answer().ends_with("hello"));
  EXPECT_EQ(drained.get(), 0U);
}

TEST(HttpServerDrain, connections_waiting_to_be_accepted_are_served) {
  ScriptedHandler handler;
  auto opened = HttpServer::open({}, handler);
  ASSERT_TRUE(opened);
  RawSocket peer = RawSocket::connect((*opened)->port());  // nobody runs the server yet
  ASSERT_TRUE(peer.send(post("/", "early")));
  auto drained = std::async(std::launch::async, [&] { return (*opened)->drain(kLong); });
  std::jthread thread([&] { (*opened)->run(0); });
  EXPECT_TRUE(peer.read_answer().ends_with("early"));
  EXPECT_EQ(drained.get(), 0U);
}

TEST(HttpServerDrain, gives_up_at_its_deadline_and_says_how_many) {
  ScriptedHandler handler;
  HeldReplies held;
  handler.paths["/held"] = held.handle();
  RunningServer server({}, handler);
  RawSocket busy = server.connect();
  ASSERT_TRUE(busy.send(get("/held")));
  const auto reply = held.take();
  EXPECT_EQ(server->drain(Duration{50}), 1U);
  server.stop();
  reply({.body = "nobody hears"});
}

TEST(HttpServerDrain, delays_of_test_doubles_do_not_hold_it_up) {
  ScriptedHandler handler;
  HeldReplies held;
  handler.paths["/held"] = held.handle();
  RunningServer server({}, handler);
  RawSocket hanging = server.connect();
  ASSERT_TRUE(hanging.send(get("/held")));
  held.take()({.delay_ms = 3'600'000, .drop = true});
  EXPECT_EQ(server->drain(kLong), 0U);
  EXPECT_TRUE(hanging.is_ended());
}

TEST(HttpServerDrain, a_reply_may_outlive_the_server) {
  ScriptedHandler handler;
  HeldReplies held;
  handler.paths["/held"] = held.handle();
  HttpHandler::Reply late;
  HttpHandler::Reply never;
  {
    RunningServer server({}, handler);
    RawSocket one = server.connect();
    RawSocket two = server.connect();
    ASSERT_TRUE(one.send(get("/held")));
    late = held.take();
    ASSERT_TRUE(two.send(get("/held")));
    never = held.take();
  }
  late({.body = "too late"});
  late = nullptr;
  never = nullptr;
}

}  // namespace
}  // namespace thaw
