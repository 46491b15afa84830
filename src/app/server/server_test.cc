#include "app/server/server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/http/client.h"
#include "adapters/json/json.h"
#include "app/server/data_folder.h"

namespace thaw {
namespace {

constexpr Instant kStart{1'761'955'200'000};  // 2025-11-01T00:00:00Z

/// A server on a folder of its own, closed and opened again at will.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  ~ServerTest() override {
    if (server_) {
      EXPECT_TRUE(server_->close());
    }
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    auto config = parse_config(
        "[auth]\nmode = \"none\"\n[providers.bankco]\nrails = [\"bank_transfer\"]\n", "t", zones_);
    ASSERT_TRUE(config);
    config->data = folder_.string();
    config->listen = "127.0.0.1:0";
    auto server = Server::open({std::move(*config), kStart}, [](const Error&) {});
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
    ASSERT_TRUE(server_->start());
    client_ = std::move(*HttpClient::make({server_->url()}));
  }
  void reopen() {
    client_.reset();
    ASSERT_TRUE(server_->close());
    server_.reset();
    open();
  }

  std::pair<int, Json> send(const std::string& method, const std::string& target,
                            const std::string& body = "") {
    const auto answer = client_->send({method, target, {}, body}, Duration::seconds(40));
    const auto* response = std::get_if<HttpResponse>(&answer);
    if (!response) return {0, {}};
    return {response->status, Json::parse(response->body).value_or(Json())};
  }
  void enrol() {
    send("PUT", "/v1/campaigns/cold",
         R"({"name":"Cold","currency":"AUD","threshold":{"currency":"AUD","minor":100},)"
         R"("points":2000,"rails":["bank_transfer"]})");
    ASSERT_EQ(send("POST", "/v1/campaigns/cold/publish").first, 200);
    ASSERT_EQ(send("POST", "/v1/enrolments", R"({"campaign":"cold","member":"M1"})").first, 201);
  }

  DateZones zones_;
  std::filesystem::path folder_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<HttpClient> client_;
};

constexpr const char* kFile =
    "H,thaw-csv,1,bankco,F1,2025-11-02T00:00:00Z,AUD\n"
    "R,b1,payment,bank_transfer,member_id,M1,150,2025-11-01T00:00:00Z,2025-11-02,,\n"
    "T,1,150\n";

TEST_F(ServerTest, what_was_answered_is_there_after_a_restart) {
  open();
  enrol();
  reopen();
  EXPECT_EQ(send("GET", "/v1/members/M1/progress").first, 200);
}

TEST_F(ServerTest, a_dry_run_says_what_would_be_and_changes_nothing) {
  open();
  enrol();
  send("POST", "/v1/clock", R"({"advance":"P2D"})");
  const auto [dry_status, dry] = send("POST", "/v1/files?provider=bankco&dry_run=true", kFile);
  EXPECT_EQ(dry_status, 200);
  EXPECT_EQ(dry.find("status")->as_text(), "dry_run");
  EXPECT_EQ(dry.find("outcomes")->dump(), R"({"counted":1})");
  EXPECT_EQ(send("GET", "/v1/files").second.find("items")->items().size(), 0U);
  const auto [status, real] = send("POST", "/v1/files?provider=bankco", kFile);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(real.find("outcomes")->dump(), R"({"counted":1})");
}

TEST_F(ServerTest, a_move_of_the_clock_is_answered_when_all_that_fell_due_is_decided) {
  open();
  enrol();
  const auto [status, moved] = send("POST", "/v1/clock", R"({"advance":"P33D"})");
  EXPECT_EQ(status, 200);
  const std::string window = "cold.M1." + std::to_string(kStart.ms);
  EXPECT_EQ(send("GET", "/v1/decisions/" + window).second.find("outcome")->as_text(),
            "not_qualified");
  EXPECT_EQ(send("POST", "/v1/clock", R"({"now":"2025-11-01T00:00:00Z"})").first, 409);
}

TEST_F(ServerTest, a_manual_clock_goes_on_where_the_data_ends) {
  open();
  enrol();
  send("POST", "/v1/clock", R"({"advance":"P33D"})");
  reopen();
  const auto now = send("GET", "/v1/clock").second.find("now")->as_text();
  ASSERT_TRUE(now);
  EXPECT_GE(*parse_rfc3339(*now), kStart + Duration::days(32));
}

TEST_F(ServerTest, a_folder_in_use_is_refused_and_left_alone) {
  open();
  const auto second = EngineHost::open(folder_.string(), [] { return kStart; });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::locked);
}

TEST_F(ServerTest, metrics_and_health_are_there) {
  open();
  EXPECT_EQ(send("GET", "/healthz").first, 200);
  EXPECT_EQ(send("GET", "/readyz").first, 200);
  const auto answer = client_->send({"GET", "/metrics", {}, ""}, Duration::seconds(5));
  EXPECT_NE(std::get<HttpResponse>(answer).body.find("thaw_journal_records_total"),
            std::string::npos);
}

TEST(DataFolder, one_that_a_newer_thaw_wrote_is_refused) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "newer";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "FORMAT") << "thaw data format 99\n";
  const auto opened = open_data_folder(folder.string());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace thaw
