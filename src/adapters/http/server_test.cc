#include "adapters/http/server.h"

#include <fmt/format.h>

#include <atomic>
#include <set>

#include "adapters/http/server_for_test.h"

namespace thaw {
namespace {

TEST(HttpServer, answers_with_length_and_request_id) {
  ScriptedHandler handler;
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(post("/echo", "hello", "X-Request-Id: my-id.1\r\n")));
  const std::string named = peer.read_answer();
  EXPECT_EQ(status_of(named), 200);
  EXPECT_TRUE(contains(named, "X-Request-Id: my-id.1\r\n"));
  EXPECT_TRUE(contains(named, "Content-Length: 5\r\n"));
  EXPECT_TRUE(named.ends_with("\r\n\r\nhello"));
  // On the same connection: an id that is none is replaced.
  ASSERT_TRUE(peer.send(post("/echo", "", "X-Request-Id: bad id\"\r\n")));
  const std::string made = peer.read_answer();
  EXPECT_FALSE(contains(made, "bad id"));
  EXPECT_TRUE(contains(made, "X-Request-Id: "));
  EXPECT_EQ(server->counters().requests, 2U);
  EXPECT_EQ(server->counters().connections_accepted, 1U);
}

TEST(HttpServer, handler_sees_the_request) {
  ScriptedHandler handler;
  HttpRequest seen;
  handler.paths["/a%20b"] = [&](HttpRequest request, HttpHandler::Reply reply) {
    seen = std::move(request);
    reply({.status = 204});
  };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("PATCH /a%20b?k=v HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n"));
  const std::string answer = peer.read_answer();
  EXPECT_EQ(status_of(answer), 204);
  EXPECT_FALSE(contains(answer, "Content-Length"));
  server.stop();
  EXPECT_EQ(seen.method, "PATCH");
  EXPECT_EQ(seen.segments, std::vector<std::string>{"a b"});
  EXPECT_EQ(seen.find_query("k"), "v");
  EXPECT_EQ(seen.headers.find("x-a"), "1");
  EXPECT_TRUE(seen.peer.starts_with("127.0.0.1:"));
  EXPECT_EQ(seen.request_id.size(), 16U);
}

TEST(HttpServer, malformed_request_is_400_problem_and_the_end) {
  ScriptedHandler handler;
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("NOT HTTP AT ALL\r\n\r\n"));
  const std::string answer = peer.read_answer();
  EXPECT_EQ(status_of(answer), 400);
  EXPECT_TRUE(contains(answer, "Content-Type: application/problem+json"));
  EXPECT_TRUE(contains(answer, R"("code":"malformed_request")"));
  EXPECT_TRUE(contains(answer, R"("request_id":")"));
  EXPECT_TRUE(contains(answer, "Connection: close"));
  EXPECT_TRUE(peer.is_ended());
  EXPECT_EQ(server->counters().protocol_errors, 1U);
}

TEST(HttpServer, problems_come_from_the_composition) {
  ScriptedHandler handler;
  HttpServerOptions options;
  options.problem = [](const ProtocolProblem& problem) {
    return HttpResponse{.status = problem.status, .body = "mine:" + std::string(problem.code)};
  };
  RunningServer server(options, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(peer.read_answer().ends_with("mine:malformed_request"));
}

TEST(HttpServer, header_limit_is_431) {
  ScriptedHandler handler;
  RunningServer server({.header_limit = 1000}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(get("/", "X: " + std::string(2000, 'x') + "\r\n")));
  EXPECT_EQ(status_of(peer.read_answer()), 431);
  EXPECT_TRUE(peer.is_ended());
}

TEST(HttpServer, body_limit_is_413_by_length_by_chunks_and_by_route) {
  ScriptedHandler handler;
  handler.admissions["/small"] = [](const HttpRequest&) { return HttpAdmission{.body_limit = 10}; };
  RunningServer server({.body_limit = 100}, handler);
  const std::string chunked = " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::pair<std::string, int> cases[] = {
      {post("/", std::string(100, 'x')), 200},
      {post("/", std::string(101, 'x')), 413},
      {post("/small", std::string(10, 'x')), 200},
      {post("/small", std::string(11, 'x')), 413},
      {"POST /small" + chunked + "a\r\n0123456789\r\n0\r\n\r\n", 200},
      {"POST /small" + chunked + "6\r\n012345\r\n5\r\n01234\r\n0\r\n\r\n", 413},
  };
  for (const auto& [text, status] : cases) {
    RawSocket peer = server.connect();
    ASSERT_TRUE(peer.send(text));
    EXPECT_EQ(status_of(peer.read_answer()), status) << text;
    if (status == 413) {
      EXPECT_TRUE(peer.is_ended());
    }
  }
}

TEST(HttpServer, the_answer_to_a_body_far_too_large_can_be_read) {
  ScriptedHandler handler;
  RunningServer server({.body_limit = 1000}, handler);
  RawSocket peer = server.connect();
  // More than socket buffers hold: without lingering, sending would end in a reset.
  ASSERT_TRUE(peer.send(post("/", std::string(32'000'000, 'x'))));
  EXPECT_EQ(status_of(peer.read_answer()), 413);
}

TEST(HttpServer, a_refusal_before_the_body_keeps_the_connection_if_the_body_is_small) {
  ScriptedHandler handler;
  std::atomic<int> handled = 0;
  handler.admissions["/full"] = [](const HttpRequest& head) {
    EXPECT_EQ(head.headers.find("content-length"), "300");
    EXPECT_TRUE(head.body.empty());
    return HttpAdmission{
        .refusal = HttpResponse{.status = 429, .headers = {{"Retry-After", "2"}}, .body = "full"}};
  };
  handler.paths["/full"] = [&](HttpRequest, HttpHandler::Reply reply) {
    ++handled;
    reply({});
  };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  for (int again = 0; again < 3; ++again) {
    ASSERT_TRUE(peer.send(post("/full", std::string(300, 'x'))));
    const std::string answer = peer.read_answer();
    EXPECT_EQ(status_of(answer), 429);
    EXPECT_TRUE(contains(answer, "Retry-After: 2\r\n"));
  }
  ASSERT_TRUE(peer.send(post("/echo", "still here")));
  EXPECT_TRUE(peer.read_answer().ends_with("still here"));
  EXPECT_EQ(handled, 0);
}

TEST(HttpServer, expect_continue_is_answered_before_the_body_and_only_if_admitted) {
  ScriptedHandler handler;
  handler.admissions["/no"] = [](const HttpRequest&) {
    return HttpAdmission{.refusal = HttpResponse{.status = 404}};
  };
  RunningServer server({}, handler);
  const std::string expect = "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("POST /yes HTTP/1.1\r\nHost: h\r\n" + expect));
  EXPECT_EQ(peer.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(peer.send("hello"));
  EXPECT_TRUE(peer.read_answer().ends_with("hello"));
  ASSERT_TRUE(peer.send("POST /no HTTP/1.1\r\nHost: h\r\n" + expect));
  EXPECT_EQ(status_of(peer.read_answer()), 404);
  EXPECT_TRUE(peer.is_ended());
}

TEST(HttpServer, pipelined_requests_are_answered_in_order) {
  ScriptedHandler handler;
  HeldReplies held;
  handler.paths["/held"] = held.handle();
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(post("/held", "1") + post("/echo", "2") + post("/held", "3") +
                        post("/echo", "4", "Connection: close\r\n")));
  const auto first = held.take();
  EXPECT_EQ(held.size(), 0U);  // one at a time: the third waits for the first
  first({.body = "one"});
  EXPECT_TRUE(peer.read_answer().ends_with("one"));
  EXPECT_TRUE(peer.read_answer().ends_with("2"));
  held.take()({.body = "three"});
  EXPECT_TRUE(peer.read_answer().ends_with("three"));
  EXPECT_TRUE(peer.read_answer().ends_with("4"));
  EXPECT_TRUE(peer.is_ended());
}

TEST(HttpServer, head_and_http_1_0) {
  ScriptedHandler handler;
  handler.paths["/"] = [](HttpRequest, HttpHandler::Reply reply) { reply({.body = "hello"}); };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_TRUE(contains(peer.read_until("\r\n\r\n"), "Content-Length: 5\r\n"));
  ASSERT_TRUE(peer.send("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(peer.read_answer().ends_with("hello"));
  EXPECT_TRUE(peer.is_ended());
}

TEST(HttpServer, a_reply_let_go_or_an_exception_is_500_and_the_connection_lives) {
  ScriptedHandler handler;
  handler.paths["/lost"] = [](HttpRequest, HttpHandler::Reply) {};
  handler.paths["/throws"] = [](HttpRequest, HttpHandler::Reply) { throw std::bad_alloc(); };
  handler.admissions["/throws-early"] = [](const HttpRequest&) -> HttpAdmission {
    throw std::bad_alloc();
  };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  for (const char* path : {"/lost", "/throws", "/throws-early"}) {
    ASSERT_TRUE(peer.send(get(path)));
    const std::string answer = peer.read_answer();
    EXPECT_EQ(status_of(answer), 500) << path;
    EXPECT_TRUE(contains(answer, "internal_error"));
  }
}

TEST(HttpServer, outside_text_cannot_begin_a_header) {
  ScriptedHandler handler;
  handler.paths["/"] = [](HttpRequest, HttpHandler::Reply reply) {
    reply({.headers = {{"X-Echo", "a\r\nSet-Cookie: b"}, {"Content-Length", "999"}}});
  };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(get("/")));
  const std::string answer = peer.read_answer();
  EXPECT_TRUE(contains(answer, "X-Echo: a  Set-Cookie: b\r\n"));
  EXPECT_TRUE(contains(answer, "Content-Length: 0\r\n"));
  EXPECT_FALSE(contains(answer, "999"));
}

TEST(HttpServer, replies_from_other_threads_to_64_connections) {
  ScriptedHandler handler;
  handler.paths["/async"] = [](HttpRequest request, HttpHandler::Reply reply) {
    std::thread([body = std::move(request.body), reply = std::move(reply)] {
      reply({.body = body});
    }).detach();
  };
  RunningServer server({.threads = 2}, handler);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        std::vector<RawSocket> peers;
        for (int i = 0; i < 8; ++i) peers.push_back(server.connect());
        for (int round = 0; round < 25; ++round) {
          for (std::size_t i = 0; i < peers.size(); ++i) {
            const std::string body = fmt::format("{}-{}-{}", t, i, round);
            peers[i].send(post(round % 2 == 0 ? "/async" : "/echo", body));
          }
          for (std::size_t i = 0; i < peers.size(); ++i) {
            const std::string body = fmt::format("\r\n\r\n{}-{}-{}", t, i, round);
            right += peers[i].read_answer().ends_with(body) ? 1 : 0;
          }
        }
      });
    }
  }
  EXPECT_EQ(right, 8 * 8 * 25);
  EXPECT_EQ(server->counters().requests, 1600U);
  EXPECT_TRUE(eventually([&] { return server->counters().connections_active == 0; }));
}

TEST(HttpServer, more_connections_than_allowed_get_503) {
  ScriptedHandler handler;
  RunningServer server({.connections_max = 2}, handler);
  std::vector<RawSocket> peers;
  for (int i = 0; i < 2; ++i) {
    peers.push_back(server.connect());
    ASSERT_TRUE(peers.back().send(post("/", "x")));
    EXPECT_EQ(status_of(peers.back().read_answer()), 200);
  }
  RawSocket third = server.connect();
  const std::string answer = third.read_to_end();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_TRUE(contains(answer, "too_many_connections"));
  EXPECT_TRUE(contains(answer, "Retry-After: 1"));
  EXPECT_EQ(server->counters().connections_refused, 1U);
  peers.pop_back();
  EXPECT_TRUE(eventually([&] { return server->counters().connections_active == 1; }));
  RawSocket fourth = server.connect();
  ASSERT_TRUE(fourth.send(post("/", "x")));
  EXPECT_EQ(status_of(fourth.read_answer()), 200);
}

TEST(HttpServer, a_port_that_is_taken_is_refused_although_it_could_be_shared) {
  ScriptedHandler handler;
  RunningServer server({.threads = 2}, handler);
  for (const std::size_t threads : {1, 2}) {
    const auto second = HttpServer::open({.port = server->port(), .threads = threads}, handler);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(HttpServer::open({.address = "localhost"}, handler).error().code, ErrorCode::invalid);
}

TEST(HttpServer, delays_and_drops_of_test_doubles_hold_no_thread) {
  ScriptedHandler handler;
  handler.paths["/never"] = [](HttpRequest, HttpHandler::Reply reply) {
    reply({.delay_ms = 3'600'000});
  };
  handler.paths["/later"] = [](HttpRequest, HttpHandler::Reply reply) { reply({.delay_ms = 30}); };
  handler.paths["/drop"] = [](HttpRequest, HttpHandler::Reply reply) { reply({.drop = true}); };
  RunningServer server({}, handler);
  RawSocket never = server.connect();
  ASSERT_TRUE(never.send(get("/never")));
  RawSocket drop = server.connect();
  ASSERT_TRUE(drop.send(get("/drop")));
  EXPECT_TRUE(drop.is_ended());
  RawSocket later = server.connect();
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(later.send(get("/later")));
  EXPECT_EQ(status_of(later.read_answer()), 200);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(30));
}

}  // namespace
}  // namespace thaw
