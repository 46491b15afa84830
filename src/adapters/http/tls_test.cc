#include <optional>

#include "adapters/http/certificate_for_test.h"
#include "adapters/http/client.h"
#include "adapters/http/server_for_test.h"

namespace thaw {
namespace {

constexpr Duration kLong = Duration::seconds(20);

std::variant<HttpResponse, HttpCallError> call(const std::string& url, const std::string& ca_file,
                                               int times = 1) {
  auto client = HttpClient::make({.url = url, .ca_file = ca_file});
  EXPECT_TRUE(client) << client.error().detail;
  std::variant<HttpResponse, HttpCallError> got;
  for (int i = 0; i < times; ++i) got = (*client)->send({"POST", "/", {}, "hello"}, kLong);
  return got;
}

std::optional<HttpCallFailure> failure_of(const std::variant<HttpResponse, HttpCallError>& got) {
  const auto* error = std::get_if<HttpCallError>(&got);
  return error != nullptr ? std::optional(error->failure) : std::nullopt;
}

struct TlsServer {
  TestCertificate certificate;
  ScriptedHandler handler;
  RunningServer server;

  explicit TlsServer(const std::string& name)
      : certificate(name),
        server({.tls = TlsFiles{certificate.chain(), certificate.private_key()}}, handler) {}
  std::string url(const std::string& host) {
    return "https://" + host + ":" + std::to_string(server->port());
  }
};

TEST(Tls, a_trusted_certificate_of_the_right_host_by_address_and_by_name) {
  TlsServer peer("IP:127.0.0.1,DNS:localhost");
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto got = call(peer.url(host), peer.certificate.chain(), 3);
    ASSERT_FALSE(failure_of(got)) << std::get<HttpCallError>(got).detail;
    EXPECT_EQ(std::get<HttpResponse>(got).body, "hello");
  }
  EXPECT_EQ(peer.server->counters().connections_accepted, 2U);  // kept for all three
}

TEST(Tls, an_authority_that_is_not_trusted_or_another_host_is_a_tls_failure) {
  TlsServer peer("DNS:elsewhere.example");
  TestCertificate stranger("IP:127.0.0.1");
  for (const std::string& ca : {peer.certificate.chain(), stranger.chain()}) {
    for (const char* host : {"127.0.0.1", "localhost"}) {
      EXPECT_EQ(failure_of(call(peer.url(host), ca)), HttpCallFailure::tls) << host;
    }
  }
  EXPECT_EQ(peer.server->counters().requests, 0U);
}

TEST(Tls, a_peer_that_speaks_no_tls_is_a_tls_failure_and_one_that_goes_is_never_sent) {
  TestCertificate certificate("IP:127.0.0.1");
  for (const bool speaks : {true, false}) {
    RawListener listener;
    std::jthread peer([&] {
      RawSocket socket = listener.accept();
      socket.receive_some();
      if (speaks) socket.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    const auto got =
        call("https://127.0.0.1:" + std::to_string(listener.port()), certificate.chain());
    EXPECT_EQ(failure_of(got), speaks ? HttpCallFailure::tls : HttpCallFailure::never_sent);
  }
}

TEST(Tls, plain_http_to_a_tls_server_and_a_silent_peer_are_let_go) {
  TlsServer peer("IP:127.0.0.1");
  RawSocket plain = peer.server.connect();
  ASSERT_TRUE(plain.send(get("/")));
  EXPECT_FALSE(contains(plain.read_to_end(), "200 OK"));
  EXPECT_TRUE(eventually([&] { return peer.server->counters().connections_active == 0; }));
}

TEST(Tls, large_bodies_both_ways) {
  TlsServer peer("IP:127.0.0.1");
  auto client = HttpClient::make({.url = peer.url("127.0.0.1"),
                                  .ca_file = peer.certificate.chain(),
                                  .answer_limit = 10'000'000});
  std::string body(1'000'000, 'x');
  const auto got = (*client)->send({"POST", "/", {}, body}, kLong);
  ASSERT_FALSE(failure_of(got));
  EXPECT_TRUE(std::get<HttpResponse>(got).body == body);
}

TEST(Tls, files_that_cannot_be_used_are_named) {
  ScriptedHandler handler;
  const auto opened = HttpServer::open({.tls = TlsFiles{"/nowhere.pem", "/no-key.pem"}}, handler);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("/nowhere.pem"), std::string::npos);
}

}  // namespace
}  // namespace thaw
