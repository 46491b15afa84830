#include "sim/campaign/listening_points.h"

#include <gtest/gtest.h>

#include <vector>

namespace thaw {
namespace {

TEST(ListeningPoints, each_call_is_heard_and_whether_the_partner_acted_unsaid) {
  SimPoints partner(1, [] { return Instant{}; });
  std::vector<std::string> heard;
  ListeningPoints points(partner, [&](const char* call, std::string_view key,
                                      const PointsAnswer& answer, bool is_lost) {
    const bool is_done = std::holds_alternative<PointsIssued>(answer.outcome);
    heard.push_back(std::string(call) + " " + std::string(key) + (is_done ? " done" : "") +
                    (is_lost ? " unsaid" : ""));
  });
  (void)points.issue({"M1", 100, "a", "cold"});
  partner.faults.after_acting = 100;
  (void)points.issue({"M1", 100, "b", "cold"});
  partner.faults = {};
  (void)points.find("b");
  (void)points.reverse("b");
  const std::vector<std::string> wanted{"issue a done", "issue b unsaid", "ask for b", "reverse b"};
  EXPECT_EQ(heard, wanted);
}

}  // namespace
}  // namespace thaw
