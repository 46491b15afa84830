#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "adapters/http/client.h"
#include "adapters/http/server_for_test.h"
#include "adapters/loyalty/folder_for_test.h"
#include "adapters/loyalty/points_client.h"
#include "adapters/loyalty/sandbox.h"
#include "sim/points/sim_points.h"

namespace thaw {
namespace {

constexpr Instant kNow{1'792'000'000'000};

class PointsUnderTest {
 public:
  virtual ~PointsUnderTest() = default;
  virtual Points& points() = 0;
};

/// The twin, in memory and without faults.
class SimulatedUnderTest final : public PointsUnderTest {
 public:
  Points& points() override { return points_; }

 private:
  SimPoints points_{1, [] { return kNow; }};
};

/// The client over real HTTP, to the sandbox.
class HttpUnderTest final : public PointsUnderTest {
 public:
  HttpUnderTest() {
    auto sandbox = LoyaltySandbox::open({folder_.path(), "", [] { return kNow; }});
    EXPECT_TRUE(sandbox) << sandbox.error().detail;
    sandbox_ = std::move(*sandbox);
    server_ = std::make_unique<RunningServer>(HttpServerOptions{}, *sandbox_);
    auto http = HttpClient::make({.url = "http://127.0.0.1:" + std::to_string((*server_)->port())});
    EXPECT_TRUE(http);
    http_ = std::move(*http);
    client_ = std::make_unique<PointsClient>(
        *http_, PointsClientOptions{.api_key = "", .now = [] { return kNow; }});
  }
  Points& points() override { return *client_; }

 private:
  TestFolder folder_;
  std::unique_ptr<LoyaltySandbox> sandbox_;
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<PointsClient> client_;
};

using Make = std::function<std::unique_ptr<PointsUnderTest>()>;

/// What every points partner must do that thaw calls through its port (docs/formats/points-api.md).
class PointsContract : public testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  void SetUp() override { under_test_ = GetParam().second(); }
  Points& points() { return under_test_->points(); }
  PointsOutcome issue(const std::string& key, std::int64_t amount = 2000) {
    return points().issue({"M1", amount, key, "cold"}).outcome;
  }

 private:
  std::unique_ptr<PointsUnderTest> under_test_;
};

template <typename Outcome>
const Outcome& as(const PointsOutcome& outcome) {
  static const Outcome kNone{};
  const auto* found = std::get_if<Outcome>(&outcome);
  EXPECT_NE(found, nullptr) << points_result(outcome);
  return found ? *found : kNone;
}

TEST_P(PointsContract, issues_once_and_answers_a_repeat_with_the_same_reference) {
  const std::string reference = as<PointsIssued>(issue("k1")).reference;
  EXPECT_FALSE(reference.empty());
  EXPECT_EQ(as<PointsIssued>(issue("k1")).reference, reference);
  EXPECT_NE(as<PointsIssued>(issue("k2")).reference, reference);
  const auto page = points().list(kNow - Duration::days(1), kNow + Duration::days(1), "");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->entries.size(), 2u);
}

TEST_P(PointsContract, refuses_other_content_under_the_same_key) {
  (void)issue("k1");
  EXPECT_EQ(as<PointsRefused>(issue("k1", 9)).status, 422);
}

TEST_P(PointsContract, finds_what_was_issued_and_nothing_else) {
  EXPECT_TRUE(std::holds_alternative<PointsNotFound>(points().find("k1").outcome));
  const std::string reference = as<PointsIssued>(issue("k1")).reference;
  EXPECT_EQ(as<PointsFound>(points().find("k1").outcome),
            PointsFound(PointsState::issued, reference));
  EXPECT_TRUE(std::holds_alternative<PointsNotFound>(points().find("k2").outcome));
}

TEST_P(PointsContract, reverses_what_was_issued_once_and_says_so_again) {
  (void)issue("k1");
  const PointsFound reversed = as<PointsFound>(points().reverse("k1").outcome);
  EXPECT_EQ(reversed.state, PointsState::reversed);
  EXPECT_FALSE(reversed.reference.empty());
  EXPECT_EQ(as<PointsFound>(points().reverse("k1").outcome), reversed);
  EXPECT_EQ(as<PointsFound>(points().find("k1").outcome).state, PointsState::reversed);
}

TEST_P(PointsContract, a_repeat_after_a_reversal_issues_nothing) {
  const PointsOutcome first = issue("k1");
  (void)points().reverse("k1");
  EXPECT_EQ(issue("k1"), first);
  EXPECT_EQ(as<PointsFound>(points().find("k1").outcome).state, PointsState::reversed);
}

TEST_P(PointsContract, a_reversal_of_what_was_never_issued_is_no_reversal) {
  EXPECT_EQ(as<PointsPaused>(points().reverse("k1").outcome).status, 404);
}

TEST_P(PointsContract, lists_what_was_issued_with_its_state) {
  const std::string reference = as<PointsIssued>(issue("k1")).reference;
  (void)points().reverse("k1");
  const auto page = points().list(kNow, kNow + Duration{1}, "");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->entries.size(), 1u);
  const PointsEntry& entry = page->entries.front();
  EXPECT_EQ(entry.idempotency_key, "k1");
  EXPECT_EQ(entry.member, "M1");
  EXPECT_EQ(entry.points, 2000);
  EXPECT_EQ(entry.state, PointsState::reversed);
  EXPECT_EQ(entry.reference, reference);
  EXPECT_EQ(entry.issued_at, kNow);
  EXPECT_EQ(entry.reversed_at, kNow);
  EXPECT_EQ(page->next_cursor, "");
  EXPECT_TRUE(points().list(kNow + Duration{1}, kNow + Duration::days(1), "")->entries.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, PointsContract,
    testing::Values(std::pair("simulated",
                              Make([] { return std::make_unique<SimulatedUnderTest>(); })),
                    std::pair("http", Make([] { return std::make_unique<HttpUnderTest>(); }))),
    [](const auto& adapter) { return std::string(adapter.param.first); });

}  // namespace
}  // namespace thaw
