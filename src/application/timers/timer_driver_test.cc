#include "application/timers/timer_driver.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "domain/keys.h"

namespace thaw {
namespace {

/// Timer rows in a map; commands are kept until the test answers them.
class TimerDriverTest : public testing::Test, public StateView {
 protected:
  std::optional<StoredRow> find(const std::string&) override { return std::nullopt; }
  std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix, std::size_t limit,
                                                      const std::string& from) override {
    std::vector<std::pair<std::string, StoredRow>> found;
    for (auto row = rows.lower_bound(std::max(prefix, from));
         row != rows.end() && found.size() < limit; ++row) {
      found.emplace_back(row->first, StoredRow{row->second, 1});
    }
    return found;
  }

  void add(std::int64_t due_ms, const std::string& window) {
    rows[keys::timer(Instant{due_ms}, WindowId(window))] = encode(Timer{MemberId("m"), 1});
  }
  /// The writer takes the oldest command: its row goes, its answer comes.
  void carry_out_one() {
    auto [fired, done] = std::move(submitted.front());
    submitted.erase(submitted.begin());
    rows.erase(keys::timer(fired.due, fired.window));
    done(Reply{});
  }

  std::map<std::string, std::string> rows;
  std::vector<std::pair<FireTimer, std::function<void(Result<Reply>)>>> submitted;
  std::size_t capacity = 1000;
  TimerDriver driver{[this](const auto& reader) { reader(*this); },
                     [this](const Command& command, auto done) {
                       if (submitted.size() >= capacity) return false;
                       submitted.emplace_back(std::get<FireTimer>(command.body), done);
                       return true;
                     }};
};

TEST_F(TimerDriverTest, takes_what_is_due_in_order_and_never_early) {
  add(200, "b");
  add(100, "z");
  add(301, "late");
  EXPECT_EQ(driver.step(Instant{300}), 2U);
  EXPECT_EQ(submitted[0].first.window.text(), "z");
  EXPECT_EQ(submitted[1].first.window.text(), "b");
}

TEST_F(TimerDriverTest, does_not_take_again_what_is_in_flight) {
  add(100, "a");
  add(100, "b");
  EXPECT_EQ(driver.step(Instant{100}), 2U);
  EXPECT_EQ(driver.step(Instant{100}), 0U);
  carry_out_one();
  add(50, "c");
  EXPECT_EQ(driver.step(Instant{100}), 0U) << "the front is looked at when nothing is in flight";
  EXPECT_FALSE(driver.is_idle(Instant{100}));
  carry_out_one();
  driver.step(Instant{100});
  EXPECT_EQ(driver.step(Instant{100}), 1U);
  carry_out_one();
  EXPECT_TRUE(driver.is_idle(Instant{100}));
}

TEST_F(TimerDriverTest, a_full_lane_is_tried_again_from_where_it_stood) {
  for (int i = 0; i < 5; ++i) add(100, std::string(1, static_cast<char>('a' + i)));
  capacity = 2;
  EXPECT_EQ(driver.step(Instant{100}), 2U);
  carry_out_one();
  EXPECT_EQ(driver.step(Instant{100}), 1U);
  EXPECT_EQ(submitted.back().first.window.text(), "c");
}

}  // namespace
}  // namespace thaw
