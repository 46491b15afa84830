#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "adapters/disk/posix_disk.h"
#include "adapters/memory/memory_ledger.h"
#include "adapters/rocksdb/rocksdb_index.h"
#include "application/engine/journal_log.h"
#include "application/engine/stepped_ledger.h"
#include "domain/keys.h"
#include "sim/store/engine_store.h"

namespace thaw {
namespace {

using Now = std::function<Instant()>;

class LedgerUnderTest {
 public:
  virtual ~LedgerUnderTest() = default;
  virtual Ledger& ledger() = 0;
};

class MemoryUnderTest final : public LedgerUnderTest {
 public:
  explicit MemoryUnderTest(Now now) : ledger_(std::move(now)) {}
  Ledger& ledger() override { return ledger_; }

 private:
  MemoryLedger ledger_;
};

/// The engine over the journal on a simulated disk; nothing crashes here.
class SimulatedUnderTest final : public LedgerUnderTest {
 public:
  explicit SimulatedUnderTest(Now now) : store_(std::move(now), 1, [](const char*) {}) {}
  Ledger& ledger() override { return store_; }

 private:
  EngineStore store_;
};

/// The engine as it is shipped: journal and RocksDB on a real disk.
class EmbeddedUnderTest final : public LedgerUnderTest {
 public:
  explicit EmbeddedUnderTest(Now now) {
    std::string name = std::filesystem::temp_directory_path() / "thaw-ledger-XXXXXX";
    path_ = mkdtemp(name.data());
    disk_ = *PosixDisk::open(path_);
    journal_ = *Journal::open(*disk_, {.segment_bytes = 64 * kJournalBlock});
    log_ = std::make_unique<JournalLog>(*journal_);
    index_ = *RocksDbIndex::open(path_ + "/index", {});
    engine_ = *Engine::open(*log_, *index_, std::move(now), {});
    ledger_ = std::make_unique<SteppedLedger>(*engine_);
  }
  ~EmbeddedUnderTest() override {
    ledger_.reset();
    engine_.reset();
    index_.reset();
    log_.reset();
    journal_.reset();
    disk_.reset();
    std::filesystem::remove_all(path_);
  }
  Ledger& ledger() override { return *ledger_; }

 private:
  std::string path_;
  std::unique_ptr<PosixDisk> disk_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  std::unique_ptr<RocksDbIndex> index_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<SteppedLedger> ledger_;
};

using Make = std::function<std::unique_ptr<LedgerUnderTest>(Now)>;

/// What every Ledger must do, whatever the commands mean.
class LedgerContract : public testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  void SetUp() override {
    under_test_ = GetParam().second([this] { return now_; });
  }
  Ledger& ledger() { return under_test_->ledger(); }
  Reply run(CommandBody body) {
    const auto reply = ledger().run(make(std::move(body)));
    EXPECT_TRUE(reply);
    return reply.value_or(Reply{});
  }
  static Command make(CommandBody body) { return {std::move(body), "tester", false, {}}; }

  void set_up_campaign() {
    CampaignRules rules;
    rules.id = CampaignId("cold");
    rules.name = "cold";
    rules.currency = *Currency::parse("AUD");
    rules.threshold = Minor::of(50'000);
    rules.points = 2000;
    rules.rails = {Rail::bpay};
    run(DraftCampaign{rules});
    run(PublishCampaign{rules.id});
    run(ConfigureProvider{{ProviderId("bankco"), rules.rails, {}}});
  }
  CommandBody make_load(const std::string& id, const ReferenceKey& reference) {
    RecordLine command;
    command.reference = reference;
    command.line.provider = ProviderId("bankco");
    command.line.txn_id = id;
    command.line.rail = Rail::bpay;
    command.line.currency = *Currency::parse("AUD");
    command.line.amount = Minor::of(100);
    command.line.time = LineTime::at(now_);
    return command;
  }
  std::vector<LogRecord> records(std::uint64_t after = 0, std::size_t limit = 1000) {
    return ledger().records_after(after, limit).value_or(std::vector<LogRecord>());
  }
  template <typename Row>
  std::optional<Row> read(const std::string& key) {
    std::optional<Row> row;
    ledger().read([&](StateView& view) {
      if (const auto stored = view.find(key)) row = decode<Row>(stored->bytes);
    });
    return row;
  }

  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");

 private:
  std::unique_ptr<LedgerUnderTest> under_test_;
};

TEST_P(LedgerContract, what_a_command_wrote_is_read_and_stands_in_the_log) {
  set_up_campaign();
  const std::size_t before = records().size();
  const Reply reply = run(Enrol{CampaignId("cold"), MemberId("M1"), {}, {}, "h"});
  EXPECT_EQ(reply.code, ReplyCode::created);
  ASSERT_TRUE(read<Member>(keys::member(MemberId("M1"))));
  const auto log = records();
  ASSERT_EQ(log.size(), before + 1);
  EXPECT_EQ(log.back().recorded_at, now_);
  EXPECT_EQ(log.back().events.front().type, EventType::enrolment_created);
  bool has_row = false;
  for (const RowWrite& row : log.back().rows) {
    has_row = has_row || row.key == keys::member(MemberId("M1"));
  }
  EXPECT_TRUE(has_row);
}

TEST_P(LedgerContract, a_refusal_writes_nothing) {
  set_up_campaign();
  const std::size_t before = records().size();
  EXPECT_EQ(run(Enrol{CampaignId("none"), MemberId("M1"), {}, {}, "h"}).code,
            ReplyCode::unknown_campaign);
  EXPECT_EQ(records().size(), before);
  EXPECT_FALSE(read<Member>(keys::member(MemberId("M1"))));
}

TEST_P(LedgerContract, records_are_numbered_from_one_without_gaps) {
  set_up_campaign();
  const auto log = records();
  ASSERT_FALSE(log.empty());
  for (std::size_t i = 0; i < log.size(); ++i) EXPECT_EQ(log[i].sequence, i + 1);
  const auto some = records(1, 1);
  ASSERT_EQ(some.size(), 1u);
  EXPECT_EQ(some.front().sequence, 2u);
  EXPECT_TRUE(records(log.size()).empty());
}

TEST_P(LedgerContract, recorded_at_never_goes_back) {
  set_up_campaign();
  now_ = now_ - Duration::hours(1);
  run(Enrol{CampaignId("cold"), MemberId("M1"), {}, {}, "h"});
  now_ = now_ + Duration::hours(2);
  run(Enrol{CampaignId("cold"), MemberId("M2"), {}, {}, "h"});
  Instant last = Instant::min();
  for (const LogRecord& record : records()) {
    EXPECT_LE(last, record.recorded_at);
    last = record.recorded_at;
  }
  EXPECT_EQ(last, now_);
}

TEST_P(LedgerContract, a_chain_is_complete_when_its_first_command_is_answered) {
  set_up_campaign();
  const ReferenceKey reference{"bpay_crn", "77"};
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(run(make_load("b" + std::to_string(i), reference)).placed, Placed::kept);
  }
  run(Enrol{CampaignId("cold"), MemberId("M1"), now_, {reference}, "h"});
  const auto member = read<Member>(keys::member(MemberId("M1")));
  ASSERT_TRUE(member);
  EXPECT_EQ(member->enrolments.front().totals.cumulative(), Minor::of(2000));
}

TEST_P(LedgerContract, many_at_once_are_answered_in_order) {
  set_up_campaign();
  std::vector<Command> commands;
  for (const char* id : {"M1", "M2", "M1"}) {
    commands.push_back(make(Enrol{CampaignId("cold"), MemberId(id), now_, {}, "h"}));
  }
  const auto replies = ledger().start_all(std::move(commands))();
  ASSERT_EQ(replies.size(), 3u);
  EXPECT_EQ(replies[0]->code, ReplyCode::created);
  EXPECT_EQ(replies[1]->code, ReplyCode::created);
  EXPECT_EQ(replies[2]->code, ReplyCode::repeated);
}

TEST_P(LedgerContract, a_scan_is_in_key_order_from_a_key_up_to_a_limit) {
  set_up_campaign();
  for (const char* id : {"M3", "M1", "M2"}) {
    run(Enrol{CampaignId("cold"), MemberId(id), now_, {}, "h"});
  }
  ledger().read([&](StateView& view) {
    const auto two = view.scan("m/", 2);
    ASSERT_EQ(two.size(), 2u);
    EXPECT_EQ(two[0].first, keys::member(MemberId("M1")));
    EXPECT_EQ(two[1].first, keys::member(MemberId("M2")));
    const auto rest = view.scan("m/", 10, keys::member(MemberId("M2")));
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(rest[1].first, keys::member(MemberId("M3")));
    EXPECT_EQ(view.find("m/none"), std::nullopt);
  });
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, LedgerContract,
    testing::Values(std::pair("memory", Make([](Now now) {
                                return std::make_unique<MemoryUnderTest>(std::move(now));
                              })),
                    std::pair("simulated", Make([](Now now) {
                                return std::make_unique<SimulatedUnderTest>(std::move(now));
                              })),
                    std::pair("embedded", Make([](Now now) {
                                return std::make_unique<EmbeddedUnderTest>(std::move(now));
                              }))),
    [](const auto& adapter) { return std::string(adapter.param.first); });

}  // namespace
}  // namespace thaw
