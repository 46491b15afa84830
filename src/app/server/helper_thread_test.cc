#include "app/server/helper_thread.h"

#include <gtest/gtest.h>

#include <vector>

namespace thaw {
namespace {

TEST(HelperThread, does_works_in_their_order_and_shows_what_they_wrote) {
  constexpr int kWorks = 20'000;
  HelperThread helper;
  std::vector<int> written;
  for (int number = 0; number < kWorks; ++number) {
    if (number >= static_cast<int>(Helper::kWorksMax)) helper.wait();
    helper.begin([&written, number] { written.push_back(number); });
  }
  for (std::size_t left = 0; left < Helper::kWorksMax; ++left) helper.wait();
  ASSERT_EQ(written.size(), static_cast<std::size_t>(kWorks));
  for (int number = 0; number < kWorks; ++number) ASSERT_EQ(written[number], number);
}

TEST(HelperThread, returns_at_once_where_nothing_is_under_way) {
  HelperThread helper;
  helper.wait();
  helper.begin([] {});
  helper.wait();
  helper.wait();
}

TEST(HelperThread, does_what_is_under_way_before_it_goes_away) {
  int done = 0;
  {
    HelperThread helper;
    for (std::size_t works = 0; works < Helper::kWorksMax; ++works) {
      helper.begin([&done] { ++done; });
    }
  }
  EXPECT_EQ(done, static_cast<int>(Helper::kWorksMax));
}

}  // namespace
}  // namespace thaw
