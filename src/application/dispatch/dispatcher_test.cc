#include "application/dispatch/dispatcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/memory/memory_ledger.h"
#include "domain/cases.h"
#include "domain/commands.h"
#include "domain/dead_letters.h"
#include "domain/keys.h"

namespace thaw {
namespace {

class Recorder final : public Consumer {
 public:
  const std::string& name() const override { return name_; }
  Status handle(const LogRecord& record) override {
    seen.push_back(record.sequence);
    if (record.sequence == fails_at) return fail(ErrorCode::unavailable, "not now", true);
    return {};
  }
  std::vector<std::uint64_t> seen;
  std::uint64_t fails_at = 0;

 private:
  std::string name_ = "recorder";
};

class DispatcherTest : public testing::Test {
 protected:
  /// A command with one event in its record.
  void add_event(const std::string& item) {
    (void)ledger_.run(
        Command{SetAside{"nobody", item, MemberId("M1"), {}, "a test"}, {}, false, {}});
  }

  MemoryLedger ledger_{[] { return Instant{1'762'000'000'000}; }};
  Recorder recorder_;
};

TEST_F(DispatcherTest, a_record_in_quarantine_becomes_a_dead_letter_and_the_next_one_comes) {
  add_event("a");
  add_event("b");
  add_event("c");
  const std::uint64_t middle = ledger_.records_after(0, 10).value()[1].sequence;
  Dispatcher dispatcher(ledger_, {&recorder_});
  ASSERT_TRUE(dispatcher.open());
  dispatcher.quarantine("recorder:" + std::to_string(middle));
  while (dispatcher.step().value() > 0) {
  }
  EXPECT_EQ(std::count(recorder_.seen.begin(), recorder_.seen.end(), middle), 0);
  EXPECT_EQ(recorder_.seen.size(), 3u) << "a, c, and the case that was opened for b";
  ledger_.read([&](StateView& view) {
    const auto row = view.find(keys::dead_letter("recorder", std::to_string(middle)));
    ASSERT_TRUE(row);
    const auto letter = decode<DeadLetter>(row->bytes);
    EXPECT_EQ(letter->member, MemberId("M1"));
    EXPECT_TRUE(view.find(keys::review_case(letter->case_id)));
  });
}

TEST_F(DispatcherTest, a_consumer_that_fails_is_given_the_same_record_again) {
  add_event("a");
  recorder_.fails_at = ledger_.records_after(0, 10).value()[0].sequence;
  Dispatcher dispatcher(ledger_, {&recorder_});
  ASSERT_TRUE(dispatcher.open());
  (void)dispatcher.step();
  (void)dispatcher.step();
  EXPECT_EQ(recorder_.seen.size(), 2u);
}

}  // namespace
}  // namespace thaw
