#include "adapters/http/client.h"

#include <atomic>
#include <functional>

#include "adapters/http/server_for_test.h"
#include "adapters/http/url.h"

namespace thaw {
namespace {

constexpr Duration kLong = Duration::seconds(20);

std::unique_ptr<HttpClient> make_client(const std::string& url) {
  auto client = HttpClient::make({.url = url});
  EXPECT_TRUE(client) << client.error().detail;
  return std::move(*client);
}

/// The failure, or nothing for an answer.
std::optional<HttpCallFailure> failure_of(const std::variant<HttpResponse, HttpCallError>& got) {
  const auto* error = std::get_if<HttpCallError>(&got);
  return error != nullptr ? std::optional(error->failure) : std::nullopt;
}

const HttpCallRequest kPost{"POST", "/points", {{"Content-Type", "application/json"}}, "{}"};

/// What the client makes of a peer that does `act` with its first connection.
std::variant<HttpResponse, HttpCallError> meet(std::function<void(RawSocket&)> act,
                                               Duration timeout = kLong,
                                               HttpCallRequest request = kPost) {
  RawListener listener;
  std::jthread peer([&] {
    RawSocket socket = listener.accept();
    act(socket);
  });
  return make_client(listener.url())->send(request, timeout);
}

void read_request(RawSocket& socket) {
  socket.read_until("\r\n\r\n{}");
}

TEST(HttpClient, sends_what_was_asked_and_gives_the_answer) {
  std::string seen;
  RawListener listener;
  std::jthread peer([&] {
    RawSocket socket = listener.accept();
    seen = socket.read_until("\r\n\r\n{}");
    socket.send("HTTP/1.1 201 Created\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto client = make_client(listener.url() + "/base/");
  const auto got = client->send(kPost, kLong);
  peer.join();
  EXPECT_EQ(seen,
            "POST /base/points HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(listener.port()) +
                "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  const auto& response = std::get<HttpResponse>(got);
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.find("x-a"), "1");
  EXPECT_EQ(response.body, "ok");
}

TEST(HttpClient, no_byte_left) {
  RawListener listener;
  const std::string url = listener.url();
  listener.close();
  EXPECT_EQ(failure_of(make_client(url)->send(kPost, kLong)), HttpCallFailure::never_sent);
  EXPECT_EQ(failure_of(make_client("http://name.invalid")->send(kPost, kLong)),
            HttpCallFailure::never_sent);
  RawListener silent;
  const auto client = make_client(silent.url());
  EXPECT_EQ(failure_of(client->send({"GET", "/a\r\nX: y", {}, ""}, kLong)),
            HttpCallFailure::never_sent);
  EXPECT_EQ(failure_of(client->send({"GET", "/", {{"X", "a\nb"}}, ""}, kLong)),
            HttpCallFailure::never_sent);
  EXPECT_EQ(failure_of(client->send(kPost, Duration{0})), HttpCallFailure::never_sent);
}

TEST(HttpClient, connecting_that_takes_too_long_is_never_sent) {
  // A listener with a full backlog lets further connections wait.
  RawListener listener;
  sockaddr_in at = RawSocket::loopback(listener.port());
  std::vector<RawSocket> waiting;
  for (int i = 0; i < 64; ++i) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    (void)::connect(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at);
    waiting.emplace_back(descriptor);
  }
  EXPECT_EQ(failure_of(make_client(listener.url())->send(kPost, Duration{100})),
            HttpCallFailure::never_sent);
}

TEST(HttpClient, broken_after_the_first_byte) {
  EXPECT_EQ(failure_of(meet([](RawSocket& peer) {
              read_request(peer);
              peer.close();
            })),
            HttpCallFailure::broken);
  EXPECT_EQ(failure_of(meet([](RawSocket& peer) {
              read_request(peer);
              peer.reset();
            })),
            HttpCallFailure::broken);
  EXPECT_EQ(failure_of(meet([](RawSocket& peer) {
              read_request(peer);
              peer.send("HTTP/1.1 200 OK\r\nConte");
            })),
            HttpCallFailure::broken);
  EXPECT_EQ(failure_of(meet([](RawSocket& peer) {
              read_request(peer);
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
              peer.reset();
            })),
            HttpCallFailure::broken);
  EXPECT_EQ(failure_of(meet([](RawSocket& peer) {
              read_request(peer);
              peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            })),
            HttpCallFailure::broken);
}

TEST(HttpClient, timeout_before_and_amid_the_answer) {
  for (const char* sent : {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}) {
    EXPECT_EQ(failure_of(meet(
                  [&](RawSocket& peer) {
                    read_request(peer);
                    peer.send(sent);
                    peer.read_to_end();
                  },
                  Duration{100})),
              HttpCallFailure::timeout);
  }
}

TEST(HttpClient, unreadable_answers) {
  for (const std::string& sent :
       {std::string("garbage\r\n\r\n"), std::string("HTTP/3.7 200 OK\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"),
        "HTTP/1.1 200 OK\r\n\r\n" + std::string(2'000'000, 'x'),
        "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x')}) {
    EXPECT_EQ(failure_of(meet([&](RawSocket& peer) {
                read_request(peer);
                peer.send(sent);
                peer.read_to_end();
              })),
              HttpCallFailure::unreadable)
        << sent.substr(0, 60);
  }
}

TEST(HttpClient, answers_of_all_framings_and_statuses) {
  const std::pair<const char*, std::pair<int, const char*>> cases[] = {
      {"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", {302, ""}},
      {"HTTP/1.1 204 No Content\r\n\r\n", {204, ""}},
      {"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
       {503, "abc"}},
      {"HTTP/1.0 200 OK\r\n\r\nto the end", {200, "to the end"}},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
       {200, "ok"}},
  };
  for (const auto& [sent, expected] : cases) {
    const auto got = meet([&](RawSocket& peer) {
      read_request(peer);
      for (const char* at = sent; *at != '\0'; ++at) peer.send({at, 1});
    });
    ASSERT_FALSE(failure_of(got)) << sent;
    EXPECT_EQ(std::get<HttpResponse>(got).status, expected.first);
    EXPECT_EQ(std::get<HttpResponse>(got).body, expected.second);
  }
  const auto head = meet(
      [](RawSocket& peer) {
        peer.read_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
      },
      kLong, {"HEAD", "/", {}, ""});
  EXPECT_FALSE(failure_of(head));
}

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(HttpClient, connections_are_kept_and_a_closed_one_is_replaced) {
  RawListener listener;
  std::atomic<int> connections = 0;
  std::jthread peer([&] {
    {
      RawSocket first = listener.accept();
      ++connections;
      for (int i = 0; i < 3; ++i) {
        read_request(first);
        first.send(kOk);
      }
      first.read_until("never");  // until the client lets go of it
    }
    RawSocket second = listener.accept();
    ++connections;
    read_request(second);
    second.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    RawSocket third = listener.accept();
    ++connections;
    read_request(third);
    third.send(kOk);
  });
  auto client = HttpClient::make({.url = listener.url(), .idle_max = Duration::seconds(15)});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(failure_of((*client)->send(kPost, kLong)));
  EXPECT_EQ(connections, 1);
  client = HttpClient::make({.url = listener.url()});  // lets go of the first
  EXPECT_FALSE(failure_of((*client)->send(kPost, kLong)));
  EXPECT_FALSE(failure_of((*client)->send(kPost, kLong)));
  EXPECT_EQ(connections, 3);
}

TEST(HttpClient, a_kept_connection_closed_meanwhile_is_not_used) {
  RawListener listener;
  std::atomic<bool> closed = false;
  std::jthread peer([&] {
    {
      RawSocket first = listener.accept();
      read_request(first);
      first.send(kOk);
    }
    closed = true;
    RawSocket second = listener.accept();
    read_request(second);
    second.send(kOk);
  });
  const auto client = make_client(listener.url());
  EXPECT_FALSE(failure_of(client->send(kPost, kLong)));
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
  EXPECT_FALSE(failure_of(client->send(kPost, kLong)));
}

TEST(HttpClient, a_kept_connection_that_dies_under_a_request_is_not_tried_again) {
  RawListener listener;
  std::jthread peer([&] {
    RawSocket first = listener.accept();
    read_request(first);
    first.send(kOk);
    read_request(first);
    first.reset();
  });
  const auto client = make_client(listener.url());
  EXPECT_FALSE(failure_of(client->send(kPost, kLong)));
  EXPECT_EQ(failure_of(client->send(kPost, kLong)), HttpCallFailure::broken);
}

TEST(HttpClient, bytes_after_an_answer_spoil_the_connection) {
  RawListener listener;
  std::jthread peer([&] {
    RawSocket first = listener.accept();
    read_request(first);
    first.send(std::string(kOk) + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
    RawSocket second = listener.accept();
    read_request(second);
    second.send(kOk);
    first.close();
  });
  const auto client = make_client(listener.url());
  for (int i = 0; i < 2; ++i) {
    const auto got = client->send(kPost, kLong);
    ASSERT_FALSE(failure_of(got));
    EXPECT_EQ(std::get<HttpResponse>(got).body, "ok");
  }
}

TEST(HttpClient, many_threads_share_one_client) {
  ScriptedHandler handler;
  RunningServer server({.threads = 2}, handler);
  const auto client = make_client("http://127.0.0.1:" + std::to_string(server->port()));
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const std::string body = std::to_string(t * 1000 + i);
          const auto got = client->send({"POST", "/", {}, body}, kLong);
          const auto* response = std::get_if<HttpResponse>(&got);
          right += response != nullptr && response->body == body ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(right, 400);
  EXPECT_LE(server->counters().connections_accepted, 16U);
}

TEST(Url, parts_and_refusals) {
  const auto full = parse_url("https://api.example:8443/v2/");
  ASSERT_TRUE(full);
  EXPECT_TRUE(full->is_https);
  EXPECT_EQ(full->host, "api.example");
  EXPECT_EQ(full->port, "8443");
  EXPECT_EQ(full->base_path, "/v2");
  EXPECT_EQ(full->host_field, "api.example:8443");
  const auto plain = parse_url("http://[::1]");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "::1");
  EXPECT_EQ(plain->port, "80");
  EXPECT_EQ(plain->host_field, "[::1]");
  for (const char* text : {"", "localhost:80", "ftp://a", "http://", "http://:80", "http://a:0",
                           "http://a:65536", "http://a:x", "http://u:p@a", "http://a/?q",
                           "http://a b", "http://[::1", "http://[::1]x"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
  EXPECT_FALSE(HttpClient::make({.url = "nonsense"}));
  EXPECT_FALSE(HttpClient::make({.url = "https://a", .ca_file = "/nowhere"}));
}

}  // namespace
}  // namespace thaw
