#include <fmt/format.h>

#include <future>

#include "adapters/http/server_for_test.h"

namespace thaw {
namespace {

/// Counts and sums what it is given; can hold back, and fail.
struct CountingSink final : BodySink {
  std::uint64_t bytes = 0;
  std::uint64_t sum = 0;
  std::size_t largest = 0;
  std::uint64_t fail_at = UINT64_MAX;
  bool on_other_thread = false;
  std::atomic<bool>* gone = nullptr;

  ~CountingSink() override {
    if (gone != nullptr) *gone = true;
  }
  void write(std::string_view chunk, std::function<void(Status)> done) override {
    if (!on_other_thread) return take(chunk, done);
    std::thread([this, chunk, done = std::move(done)] { take(chunk, done); }).detach();
  }
  void take(std::string_view chunk, const std::function<void(Status)>& done) {
    bytes += chunk.size();
    for (const char c : chunk) sum += static_cast<unsigned char>(c);
    largest = std::max(largest, chunk.size());
    if (bytes >= fail_at) return done(fail(ErrorCode::no_space, "full"));
    done({});
  }
};

ScriptedHandler::Handle report(std::shared_ptr<CountingSink>& sink) {
  return [&sink](HttpRequest request, HttpHandler::Reply reply) {
    EXPECT_TRUE(request.body.empty());
    EXPECT_EQ(request.sink, sink);
    reply({.body = fmt::format("{} {}", sink->bytes, sink->sum)});
  };
}

TEST(HttpServerUpload, a_large_body_goes_through_the_sink_in_pieces) {
  ScriptedHandler handler;
  auto sink = std::make_shared<CountingSink>();
  handler.admissions["/files"] = [&](const HttpRequest&) {
    return HttpAdmission{.body_limit = 1ULL << 32, .sink = sink};
  };
  handler.paths["/files"] = report(sink);
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  constexpr std::uint64_t kPieces = 1024;
  const std::string piece(256 * 1024, '\x03');
  const std::uint64_t size = kPieces * piece.size();  // 256 MiB
  ASSERT_TRUE(peer.send(
      fmt::format("POST /files HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", size)));
  for (std::uint64_t i = 0; i < kPieces; ++i) ASSERT_TRUE(peer.send(piece));
  EXPECT_TRUE(peer.read_answer().ends_with(fmt::format("\r\n\r\n{} {}", size, size * 3)));
  EXPECT_LE(sink->largest, 128U * 1024);
}

TEST(HttpServerUpload, chunks_and_a_sink_on_another_thread) {
  ScriptedHandler handler;
  auto sink = std::make_shared<CountingSink>();
  sink->on_other_thread = true;
  handler.admissions["/files"] = [&](const HttpRequest&) { return HttpAdmission{.sink = sink}; };
  handler.paths["/files"] = report(sink);
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("POST /files HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(peer.send("3e8\r\n" + std::string(1000, '\1') + "\r\n"));
  ASSERT_TRUE(peer.send("0\r\n\r\n"));
  EXPECT_TRUE(peer.read_answer().ends_with("\r\n\r\n100000 100000"));
}

TEST(HttpServerUpload, a_sink_that_fails_is_503) {
  ScriptedHandler handler;
  auto sink = std::make_shared<CountingSink>();
  sink->fail_at = 5000;
  handler.admissions["/files"] = [&](const HttpRequest&) { return HttpAdmission{.sink = sink}; };
  handler.paths["/files"] = [](HttpRequest, HttpHandler::Reply) { FAIL(); };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(post("/files", std::string(100'000, 'x'))));
  const std::string answer = peer.read_answer();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_TRUE(contains(answer, "body_not_stored"));
}

TEST(HttpServerUpload, a_body_that_breaks_off_lets_the_sink_go) {
  ScriptedHandler handler;
  std::atomic<bool> gone = false;
  handler.admissions["/files"] = [&](const HttpRequest&) {
    auto sink = std::make_shared<CountingSink>();
    sink->gone = &gone;
    return HttpAdmission{.sink = sink};
  };
  handler.paths["/files"] = [](HttpRequest, HttpHandler::Reply) { FAIL(); };
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("POST /files HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf"));
  peer.close();
  EXPECT_TRUE(eventually([&] { return gone.load(); }));
}

/// Opens a stream at "/events" and hands it to the test.
struct StreamingHandler : ScriptedHandler {
  std::promise<std::shared_ptr<ResponseStream>> opened;

  StreamingHandler() {
    paths["/events"] = [this](HttpRequest, Reply reply) {
      HttpResponse response;
      response.headers.add("Content-Type", "text/event-stream");
      response.body = "first\n";
      response.on_open = [this](std::shared_ptr<ResponseStream> stream) {
        opened.set_value(std::move(stream));
      };
      reply(std::move(response));
    };
  }
};

TEST(HttpServerStream, pieces_are_pushed_as_chunks) {
  StreamingHandler handler;
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(get("/events")));
  EXPECT_TRUE(contains(peer.read_until("\r\n\r\n"), "Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(peer.read_until("first\n\r\n"), "6\r\nfirst\n\r\n");
  auto stream = handler.opened.get_future().get();
  EXPECT_TRUE(stream->is_open());
  EXPECT_TRUE(stream->write("second\n"));
  EXPECT_EQ(peer.read_until("second\n\r\n"), "7\r\nsecond\n\r\n");
  stream.reset();  // the last reference
  EXPECT_EQ(peer.read_until("0\r\n\r\n"), "0\r\n\r\n");
  ASSERT_TRUE(peer.send(post("/echo", "and on")));
  EXPECT_TRUE(peer.read_answer().ends_with("and on"));
}

TEST(HttpServerStream, http_1_0_reads_to_the_end) {
  StreamingHandler handler;
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  auto stream = handler.opened.get_future().get();
  EXPECT_TRUE(stream->write("second\n"));
  stream->close();
  EXPECT_FALSE(stream->write("third\n"));
  EXPECT_TRUE(peer.read_to_end().ends_with("\r\n\r\nfirst\nsecond\n"));
}

TEST(HttpServerStream, a_client_that_does_not_read_is_told_of_by_write_then_let_go) {
  StreamingHandler handler;
  HttpServerOptions options;
  options.stream_buffer_max = 100'000;
  options.write_timeout = Duration{200};
  RunningServer server(options, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(get("/events")));
  auto stream = handler.opened.get_future().get();
  const std::string piece(50'000, 'x');
  bool was_refused_while_open = false;
  EXPECT_TRUE(eventually([&] {
    const bool is_refused = !stream->write(piece);
    was_refused_while_open |= is_refused && stream->is_open();
    return !stream->is_open();
  }));
  EXPECT_TRUE(was_refused_while_open);
}

TEST(HttpServerStream, drain_ends_it) {
  StreamingHandler handler;
  RunningServer server({}, handler);
  RawSocket peer = server.connect();
  ASSERT_TRUE(peer.send(get("/events")));
  auto stream = handler.opened.get_future().get();
  EXPECT_EQ(server->drain(Duration::seconds(30)), 0U);
  EXPECT_TRUE(peer.read_to_end().ends_with("0\r\n\r\n"));
  EXPECT_FALSE(stream->write("late"));
}

TEST(HttpServerStream, a_stream_may_outlive_the_server) {
  StreamingHandler handler;
  std::shared_ptr<ResponseStream> stream;
  {
    RunningServer server({}, handler);
    RawSocket peer = server.connect();
    ASSERT_TRUE(peer.send(get("/events")));
    stream = handler.opened.get_future().get();
  }
  stream->write("late");
  stream.reset();
}

}  // namespace
}  // namespace thaw
