#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/files/thaw_csv.h"
#include "adapters/memory/memory_ledger.h"
#include "adapters/zones/date_zones.h"
#include "application/settlement/importer.h"
#include "application/settlement/waits.h"
#include "domain/cases.h"
#include "domain/keys.h"

namespace thaw {
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

class TextBlobs final : public BlobStore {
 public:
  std::map<std::string, std::string> texts;
  Result<std::unique_ptr<BlobWriter>> create() override {
    return fail(ErrorCode::unsupported, "not in this test");
  }
  Result<std::unique_ptr<ByteSource>> open(const std::string& sha256) override {
    const auto found = texts.find(sha256);
    if (found == texts.end()) return fail(ErrorCode::not_found, "no blob " + sha256);
    return std::make_unique<TextSource>(found->second);
  }
};

/// A ledger that dies after a number of commands.
class DyingLedger final : public Ledger {
 public:
  DyingLedger(Ledger& inner, int commands) : inner_(inner), left_(commands) {}
  Result<Reply> run(const Command& command) override {
    if (left_-- <= 0) return fail(ErrorCode::unavailable, "dead", true);
    return inner_.run(command);
  }
  void read(const std::function<void(StateView&)>& reader) override { inner_.read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t after, std::size_t limit) override {
    return inner_.records_after(after, limit);
  }

 private:
  Ledger& inner_;
  int left_;
};

class Import : public testing::Test {
 protected:
  Import() : ledger_([this] { return now_; }) {
    const std::vector<Rail> rails{Rail::bpay, Rail::bank_transfer};
    run(ConfigureProvider{{ProviderId("bankco"), rails, {}}});
    CampaignRules rules;
    rules.id = CampaignId("cold");
    rules.name = "cold";
    rules.currency = *Currency::parse("AUD");
    rules.threshold = Minor::of(10'000);
    rules.points = 2000;
    rules.rails = rails;
    run(DraftCampaign{rules});
    run(PublishCampaign{rules.id});
    run(Enrol{rules.id, MemberId("M1"), {}, {}, ""});
    now_ = now_ + Duration::days(3);
  }

  Importer make_importer(Ledger& ledger) {
    return Importer(
        ledger, blobs_, zones_, [](std::string_view v) { return std::string(v); }, {&csv_},
        {ProviderFiles{ProviderId("bankco"), format_, "Australia/Sydney", {}, {}, is_cumulative_}});
  }
  ImportResult import(const std::string& text, const std::string& name) {
    blobs_.texts[name] = text;
    auto result = make_importer(ledger_).import(ProviderId("bankco"), "", name);
    EXPECT_TRUE(result) << (result ? "" : result.error().detail);
    return *result;
  }
  Reply run(CommandBody body) { return *ledger_.run(Command{std::move(body), {}, false, {}}); }
  std::int64_t settled() {
    std::int64_t minor = 0;
    ledger_.read([&](StateView& view) {
      const auto member = decode<Member>(view.find(keys::member(MemberId("M1")))->bytes);
      minor = member->enrolments.front().totals.settled.units();
    });
    return minor;
  }
  std::size_t count_events(EventType type) {
    std::size_t count = 0;
    const auto records = *ledger_.records_after(0, 10'000);
    for (const LogRecord& record : records) {
      for (const Event& event : record.events) count += event.type == type ? 1 : 0;
    }
    return count;
  }
  /// Payments or reversals of 100 in a file of the day, made at that hour; "b1", or "b1 reversal".
  void import_of_day(const std::string& id, int hour, const std::vector<std::string>& records) {
    is_cumulative_ = true;
    std::vector<std::string> rows;
    for (const std::string& record : records) {
      const std::size_t end = record.find(' ');
      const bool is_payment = end == record.npos;
      rows.push_back(fmt::format("R,{},{},bpay,member_id,M1,100,2025-11-02,2025-11-03,{},",
                                 record.substr(0, end), is_payment ? "payment" : "reversal",
                                 is_payment ? "" : "b9"));
    }
    const auto sum = static_cast<std::int64_t>(records.size()) * 100;
    import(make_file(id, rows, sum, fmt::format("2025-11-03T{:02}:00:00+11:00", hour)), id);
  }
  std::string gone_from(const std::string& id) {
    std::string detail;
    ledger_.read([&](StateView& view) {
      for (const auto& [key, row] : view.scan(keys::review_case("gone-bankco-" + id), 10)) {
        detail += decode<ReviewCase>(row.bytes)->detail;
      }
    });
    return detail.substr(detail.find(':') + 1);
  }
  static std::string make_file(const std::string& id, const std::vector<std::string>& records,
                               std::int64_t sum,
                               const std::string& made_at = "2025-11-03T10:00:00+11:00") {
    std::string text = "H,thaw-csv,1,bankco," + id + "," + made_at + ",AUD\n";
    for (const std::string& record : records) text += record + "\n";
    return text + fmt::format("T,{},{}\n", records.size(), sum);
  }

  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");
  std::string format_ = "thaw-csv";
  bool is_cumulative_ = false;
  MemoryLedger ledger_;
  TextBlobs blobs_;
  DateZones zones_;
  ThawCsv csv_;
};

std::int64_t count_of(const SettlementFile& file, Placed placed) {
  for (const OutcomeCount& count : file.outcomes) {
    if (count.placed == placed) return count.records;
  }
  return 0;
}

TEST_F(Import, applies_a_file_once) {
  const std::string text =
      make_file("F1",
                {"R,b1,payment,bpay,member_id,M1,1000,2025-11-02,2025-11-03,,",
                 "R,b2,payment,bpay,member_id,M1,500,2025-11-02,2025-11-03,,",
                 "R,b3,payment,bpay,member_id,M1,-7,2025-11-02,2025-11-03,,",
                 "R,b4,payment,apple_pay,member_id,M1,100,2025-11-02,2025-11-03,,"},
                1593);
  const auto file = std::get<SettlementFile>(import(text, "sha-1"));
  EXPECT_EQ(file.status, FileStatus::applied);
  EXPECT_EQ(count_of(file, Placed::counted), 2);
  EXPECT_EQ(count_of(file, Placed::rejected_amount), 1);
  EXPECT_EQ(count_of(file, Placed::rejected_unknown_rail), 1);
  EXPECT_EQ(settled(), 1500);
  const auto again = std::get<SettlementFile>(import(text, "sha-1"));
  EXPECT_EQ(count_of(again, Placed::counted), 2);
  EXPECT_EQ(settled(), 1500);
}

TEST_F(Import, refuses_another_content_under_a_known_file_id) {
  import(make_file("F1", {"R,b1,payment,bpay,member_id,M1,1000,2025-11-02,2025-11-03,,"}, 1000),
         "sha-1");
  const auto refused = std::get<ImportRefusal>(
      import(make_file("F1", {"R,b1,payment,bpay,member_id,M1,2000,2025-11-02,2025-11-03,,"}, 2000),
             "sha-2"));
  EXPECT_EQ(refused.code, ReplyCode::file_id_conflict);
  EXPECT_EQ(settled(), 1000);
}

TEST_F(Import, a_bad_file_changes_nothing) {
  const auto records_before = ledger_.records_after(0, SIZE_MAX)->size();
  const auto refused = std::get<ImportRefusal>(
      import(make_file("F1", {"R,b1,payment,bpay,member_id,M1,1000,2025-11-02,2025-11-03,,"}, 999),
             "sha-1"));
  EXPECT_EQ(refused.fault.line, 3);
  EXPECT_EQ(refused.fault.column, 3);
  EXPECT_EQ(ledger_.records_after(0, SIZE_MAX)->size(), records_before);
}

TEST_F(Import, a_file_from_the_future_is_refused_at_its_place_and_can_come_again) {
  const std::string text = make_file("F1", {}, 0);  // made on 2 November at 23:00 UTC
  now_ = *parse_rfc3339("2025-11-02T22:54:59.999Z");
  const auto refused = std::get<ImportRefusal>(import(text, "sha-1"));
  EXPECT_EQ(refused.code, ReplyCode::future);
  EXPECT_EQ(refused.fault.line, 1);
  EXPECT_EQ(refused.fault.column, 6);
  EXPECT_NE(refused.fault.detail, "");
  now_ = now_ + Duration{1};
  EXPECT_EQ(std::get<SettlementFile>(import(text, "sha-1")).status, FileStatus::applied);
}

TEST_F(Import, equal_records_without_ids_are_each_a_payment_and_a_second_copy_of_the_file_none) {
  const std::string equal = "R,,payment,bpay,member_id,M1,1000,2025-11-02,2025-11-03,,same text";
  const auto file =
      std::get<SettlementFile>(import(make_file("F1", {equal, equal}, 2000), "sha-1"));
  EXPECT_EQ(count_of(file, Placed::counted), 2);
  EXPECT_EQ(settled(), 2000);
}

/// SPEC §2.4: of a made-up id the value date is part, not the time of day; that is Sydney's here.
TEST_F(Import, equal_records_without_ids_are_told_apart_by_their_value_date_alone) {
  is_cumulative_ = true;
  const auto make = [](const char* settled_at) {
    return fmt::format("R,,payment,bpay,member_id,M1,1000,2025-11-02,{},,same text", settled_at);
  };
  import(make_file("F1", {make("2025-11-03"), make("2025-11-02T20:00:00Z")}, 2000), "sha-1");
  const auto file = std::get<SettlementFile>(
      import(make_file("F2", {make("2025-11-02T21:00:00Z")}, 1000), "sha-2"));
  EXPECT_EQ(count_of(file, Placed::duplicate), 1);
  EXPECT_EQ(settled(), 2000);
}

TEST_F(Import, goes_on_where_a_crash_broke_it_off) {
  std::vector<std::string> records;
  for (int i = 0; i < 20; ++i) {
    records.push_back(
        fmt::format("R,b{},payment,bpay,member_id,M1,100,2025-11-02,2025-11-03,,", i));
  }
  blobs_.texts["sha-1"] = make_file("F1", records, 2000);
  for (int die_after = 0; die_after < 25; ++die_after) {
    DyingLedger dying(ledger_, die_after);
    (void)make_importer(dying).import(ProviderId("bankco"), "", "sha-1");
  }
  ASSERT_TRUE(make_importer(ledger_).resume());
  EXPECT_EQ(settled(), 2000);
  const auto file =
      std::get<SettlementFile>(*make_importer(ledger_).import(ProviderId("bankco"), "", "sha-1"));
  EXPECT_EQ(file.status, FileStatus::applied);
  EXPECT_EQ(count_of(file, Placed::counted), 20);
}

TEST_F(Import, a_record_without_identity_is_not_done_again_when_a_file_goes_on) {
  blobs_.texts["sha-1"] = make_file("F1",
                                    {"R,b1,payment,bpay,member_id,M1,-5,2025-11-02,2025-11-03,,",
                                     "R,,payment,bpay,bpay_crn,987,100,2025-11-02,2025-11-03,,",
                                     "R,b3,payment,bpay,member_id,M1,-7,2025-11-02,2025-11-03,,"},
                                    88);
  for (int die_after = 0; die_after < 6; ++die_after) {
    DyingLedger dying(ledger_, die_after);
    (void)make_importer(dying).import(ProviderId("bankco"), "", "sha-1");
  }
  ASSERT_TRUE(make_importer(ledger_).resume());
  EXPECT_EQ(count_events(EventType::line_rejected), 2U);
}

TEST_F(Import, a_record_gone_from_a_later_cumulative_file_opens_a_case_and_reverses_nothing) {
  import_of_day("F1", 10, {"b1", "b2"});
  EXPECT_EQ(gone_from("F1"), "");
  import_of_day("F2", 13, {"b2", "b3"});
  EXPECT_EQ(gone_from("F2"), " b1");
  EXPECT_EQ(settled(), 300);
}

TEST_F(Import, a_cumulative_file_that_comes_after_a_later_one_is_held_against_that) {
  import_of_day("F3", 16, {"b1", "b2"});
  import_of_day("F1", 10, {"b1"});
  EXPECT_EQ(gone_from("F1"), "") << "b2 was not there yet";
  EXPECT_EQ(gone_from("F3"), "");
  import_of_day("F2", 13, {"b1", "b4"});
  EXPECT_EQ(gone_from("F2"), "");
  EXPECT_EQ(gone_from("F3"), " b4");
}

TEST_F(Import, a_file_that_reads_no_more_does_not_hold_up_the_next_of_its_day) {
  import_of_day("F1", 10, {"b1"});
  blobs_.texts["F1"] = "rubbish";
  import_of_day("F2", 13, {"b1", "b2"});
  EXPECT_THAT(gone_from("F2"), testing::HasSubstr("reads otherwise than when it came"));
  blobs_.texts.erase("F2");
  import_of_day("F3", 16, {"b1", "b2", "b3"});
  EXPECT_EQ(gone_from("F3"), " no blob F2");
  EXPECT_EQ(settled(), 300);
}

TEST_F(Import, a_file_goes_on_in_the_format_that_it_came_in) {
  blobs_.texts["sha-1"] =
      make_file("F1", {"R,b1,payment,bpay,member_id,M1,100,2025-11-02,2025-11-03,,"}, 100);
  ASSERT_TRUE(make_importer(ledger_).accept(ProviderId("bankco"), "", "sha-1"));
  format_ = "another";
  ASSERT_TRUE(make_importer(ledger_).resume());
  EXPECT_EQ(settled(), 100);
}

TEST_F(Import, a_reversal_of_the_same_id_is_not_the_payment_that_is_gone) {
  import_of_day("F1", 10, {"b1"});
  import_of_day("F2", 13, {"b1 reversal"});
  EXPECT_EQ(gone_from("F2"), " b1");
}

}  // namespace
}  // namespace thaw
