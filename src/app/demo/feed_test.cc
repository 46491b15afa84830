#include "app/demo/feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "adapters/files/thaw_csv.h"
#include "app/demo/mischief.h"
#include "app/demo/population.h"

namespace thaw::demo {
namespace {

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), text_.size() - at_);
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

std::expected<FileSummary, FileFault> parse(const DemoFile& file) {
  TextSource source(file.text);
  return ThawCsv().parse(source, [](FileRecord&&) {});
}

class FeedTest : public testing::Test {
 protected:
  Population population_ = make_population(3, 400);
  std::map<Instant, SlotFeed> feed_ = make_feed(population_.lives, 3);
};

TEST_F(FeedTest, every_file_is_valid_and_says_what_it_holds) {
  std::size_t files = 0;
  for (const auto& [slot, feed] : feed_) {
    for (const DemoFile& file : feed.files) {
      const auto summary = parse(file);
      ASSERT_TRUE(summary) << file.name << ": " << summary.error().detail;
      EXPECT_EQ(summary->records, file.records);
      EXPECT_EQ(summary->provider, file.provider);
      EXPECT_LE(summary->created_at, slot) << "a file cannot come before it is made";
      ++files;
    }
  }
  EXPECT_GT(files, 100U);
}

TEST_F(FeedTest, the_bank_sends_a_file_for_each_bank_day_made_on_that_day) {
  std::set<CivilDate> days;
  for (const auto& [slot, feed] : feed_) {
    for (const DemoFile& file : feed.files) {
      if (file.provider == "bankco") days.insert(sydney_date(parse(file)->created_at));
    }
  }
  const std::vector<CivilDate> bank_days = all_bank_days();
  EXPECT_EQ(days, std::set<CivilDate>(bank_days.begin(), bank_days.end()));
}

TEST_F(FeedTest, every_report_is_sent_in_its_slot) {
  std::size_t reports = 0;
  std::size_t sent = 0;
  for (const Life& life : population_.lives) {
    for (const Movement& m : life.movements) reports += m.webhooks.size();
  }
  for (const auto& [slot, feed] : feed_) sent += feed.events.size();
  EXPECT_EQ(sent, reports);
}

TEST_F(FeedTest, deliveries_carry_each_event_once) {
  auto sender = WebhookSender::make("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(sender);
  Random random(1);
  const std::vector<std::string> events{"{}", "{}", "{}", "{}", "{}"};
  std::set<std::string> ids;
  std::size_t sum = 0;
  for (const Delivery& delivery : sender->pack(events, 2, random)) {
    EXPECT_LE(delivery.events, 2U);
    EXPECT_TRUE(ids.insert(delivery.id).second);
    sum += delivery.events;
  }
  EXPECT_EQ(sum, events.size());
}

TEST_F(FeedTest, a_truncated_file_is_invalid_and_an_edited_one_is_valid) {
  auto sender = WebhookSender::make("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(sender);
  std::vector<DemoFile> bad;
  const Instant slot = at_utc(3, 11, 12);
  make_mischief(slot, population_.lives, feed_[slot], *sender, bad);
  ASSERT_GE(bad.size(), 2U);
  EXPECT_FALSE(parse(bad[0]));
  const auto edited = parse(bad[1]);
  ASSERT_TRUE(edited) << edited.error().detail;
  EXPECT_EQ(edited->records, bad[1].records);
  EXPECT_NE(bad[1].text.find(edited->provider_file_id), std::string::npos);
}

}  // namespace
}  // namespace thaw::demo
