#include "adapters/files/thaw_csv.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace thaw {
namespace {

/// Gives a text out in pieces of drawn sizes, so that no boundary of a buffer is special.
class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), piece_, text_.size() - at_});
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

struct Parsed {
  std::expected<FileSummary, FileFault> summary;
  std::vector<FileRecord> records;
};

Parsed parse(const std::string& text, std::size_t piece = 7) {
  TextSource source(text, piece);
  std::vector<FileRecord> records;
  auto summary = ThawCsv().parse(source, [&](FileRecord&& r) { records.push_back(std::move(r)); });
  return {std::move(summary), std::move(records)};
}

const char* const kHeader = "H,thaw-csv,1,bankco,F1,2025-11-03T10:00:00+11:00,AUD\n";
const char* const kRecord =
    "R,b1,payment,bpay,bpay_crn,12345,10000,2025-11-01,2025-11-03,,\"PAY, \"\"JO\"\"\"\n";

TEST(ThawCsv, reads_header_records_and_trailer) {
  const Parsed file =
      parse(std::string(kHeader) + kRecord +
            "R,b2,reversal,bpay,member_id,M1,250,2025-11-02T01:02:03Z,2025-11-03,b1,\n"
            "T,2,10250\n");
  ASSERT_TRUE(file.summary) << file.summary.error().detail;
  EXPECT_EQ(file.summary->provider, "bankco");
  EXPECT_EQ(file.summary->provider_file_id, "F1");
  EXPECT_EQ(to_rfc3339(file.summary->created_at), "2025-11-02T23:00:00.000Z");
  EXPECT_EQ(file.summary->records, 2);
  EXPECT_EQ(file.summary->sum, Minor::of(10250));
  EXPECT_EQ(file.summary->created_at_column, 6);
  ASSERT_EQ(file.records.size(), 2u);
  EXPECT_EQ(file.records[0].text, "PAY, \"JO\"");
  EXPECT_EQ(std::get<CivilDate>(*file.records[0].initiated_at), (CivilDate{2025, 11, 1}));
  EXPECT_EQ(file.records[1].original_txn_id, "b1");
  EXPECT_EQ(file.records[1].line_number, 3);
  EXPECT_TRUE(std::holds_alternative<Instant>(*file.records[1].initiated_at));
}

TEST(ThawCsv, allows_mark_blank_lines_crlf_and_an_empty_file) {
  const Parsed file = parse(
      "\xEF\xBB\xBF\r\nH,thaw-csv,1,bankco,F1,2025-11-03T10:00:00Z,AUD\r\n\r\n\r\nT,0,0\r\n\r\n");
  ASSERT_TRUE(file.summary) << file.summary.error().detail;
  EXPECT_EQ(file.summary->records, 0);
}

TEST(ThawCsv, amounts_that_no_load_may_have_stay_in_the_control_sum) {
  const Parsed file = parse(std::string(kHeader) +
                            "R,a,payment,bpay,member_id,M1,0,,2025-11-03,,\n"
                            "R,b,payment,bpay,member_id,M1,-5,,2025-11-03,,\n"
                            "R,c,payment,bpay,member_id,M1,99999999999999999999,,2025-11-03,,\n"
                            "R,d,payment,bpay,member_id,M1,-99999999999999999999,,2025-11-03,,\n"
                            "T,4,-5\n");
  ASSERT_TRUE(file.summary) << file.summary.error().detail;
  EXPECT_EQ(file.records[0].minor, 0);
  EXPECT_EQ(file.records[1].minor, -5);
  EXPECT_EQ(file.records[2].minor, std::nullopt);
}

struct Bad {
  const char* text;
  std::int64_t line;
  std::int64_t column;
};

TEST(ThawCsv, a_sum_that_no_money_holds_is_not_shown) {
  const auto sum_of = [](const std::string& amount) {
    return parse(std::string(kHeader) + "R,a,payment,bpay,member_id,M1," + amount +
                 ",,2025-11-03,,\nT,1," + amount + "\n")
        .summary->sum;
  };
  EXPECT_EQ(sum_of("1000000000000000"), Minor::of(Minor::kMax));
  EXPECT_EQ(sum_of("1000000000000001"), std::nullopt);
  EXPECT_EQ(sum_of("-99999999999999999999"), std::nullopt);
}

TEST(ThawCsv, a_text_may_have_lines_and_tabs_and_any_letters) {
  const Parsed file =
      parse(std::string(kHeader) +
            "R,a,payment,bpay,member_id,M1,1,,2025-11-03,,\"Zo\xc3\xab\tand\nJos\xc3\xa9\"\n"
            "T,1,1\n");
  ASSERT_TRUE(file.summary) << file.summary.error().detail;
  EXPECT_EQ(file.records[0].text, "Zo\xc3\xab\tand\nJos\xc3\xa9");
}

TEST(ThawCsv, refuses_with_line_and_column) {
  const std::string h = kHeader;
  const std::string r = kRecord;
  const std::string nul(1, '\0');
  const std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> cases{
      {"", 1, 0},
      {r, 1, 1},
      {h, 2, 0},
      {h + h, 2, 1},
      {h + r + "T,2,10000\n", 3, 2},
      {h + r + "T,1,10001\n", 3, 3},
      {h + r + "T,x,10000\n", 3, 2},
      {h + r + "T,1,10000\nR\n", 4, 0},
      {h + "X,1\n", 2, 1},
      {h + "R,b1,payment\n", 2, 0},
      {h + "R,b1,gift,bpay,member_id,M1,1,,2025-11-03,,\nT,1,1\n", 2, 3},
      {h + "R,b1,load,bpay,member_id,M1,1,,2025-11-03,,\nT,1,1\n", 2, 3},
      {h + "R,b1,payment,pigeon,member_id,M1,1,,2025-11-03,,\nT,1,1\n", 2, 4},
      {h + "R,b1,payment,bpay,email,M1,1,,2025-11-03,,\nT,1,1\n", 2, 5},
      {h + "R,b1,payment,bpay,member_id,,1,,2025-11-03,,\nT,1,1\n", 2, 6},
      {h + "R,b1,payment,bpay,member_id,M1,1.50,,2025-11-03,,\nT,1,1\n", 2, 7},
      {h + "R,b1,payment,bpay,member_id,M1,1,2025-02-30,2025-11-03,,\nT,1,1\n", 2, 8},
      {h + "R,b1,payment,bpay,member_id,M1,1,,,,\nT,1,1\n", 2, 9},
      {h + "R,b1,payment,bpay,member_id,M1,1,,2025-11-03T10:00:00,,\nT,1,1\n", 2, 9},
      {h + "R,b1,reversal,bpay,member_id,M1,1,,2025-11-03,,\nT,1,1\n", 2, 10},
      {h + "R,b1,payment,bpay,member_id,M1,1,,2025-11-03,b0,\nT,1,1\n", 2, 10},
      {h + "R,b1,payment,bpay,member_id,M1,1,,2025-11-03,,\"open\nT,1,1\n", 4, 11},
      {h + "R,b1,payment,bpay,member_id,M1,1,,2025-11-03,,caf\xe9\nT,1,1\n", 2, 11},
      {h + r + "R,b2,payment,bpay,member_id,M1,1,,2025-11-03,,\"\n\xed\xa0\x80\"\nT,2,2\n", 3, 11},
      {h + "R,b1,payment,bpay,member_id,M1,1,,2025-11-03,," + nul + "\nT,1,1\n", 2, 11},
      {h + "R,b1,payment,bpay,member_id,M1,1" + nul + ",,2025-11-03,,\nT,1,1\n", 2, 7},
      {h + nul + "\nT,0,0\n", 2, 1},
      {h + "T,0,0\n" + nul, 3, 1},
      {"\xbf" + h + "T,0,0\n", 1, 1},
      {"\xef\xbb" + h + "T,0,0\n", 1, 1},
      {"H,thaw-csv,2,bankco,F1,2025-11-03T10:00:00Z,AUD\n", 1, 3},
      {"H,thaw-csv,1,Bank Co,F1,2025-11-03T10:00:00Z,AUD\n", 1, 4},
      {"H,thaw-csv,1,bankco,F1,2025-11-03,AUD\n", 1, 6},
      {"H,thaw-csv,1,bankco,F1,2025-11-03T10:00:00Z,aud\n", 1, 7},
  };
  for (const auto& [text, line, column] : cases) {
    for (const std::size_t piece : {1u, 5u, 4096u}) {
      const Parsed file = parse(text, piece);
      ASSERT_FALSE(file.summary) << text;
      EXPECT_EQ(file.summary.error().line, line) << text << file.summary.error().detail;
      EXPECT_EQ(file.summary.error().column, column) << text << file.summary.error().detail;
    }
  }
}

TEST(ThawCsv, truncated_anywhere_is_refused_and_rubbish_never_harms) {
  const std::string text = std::string(kHeader) + kRecord + "T,1,10000\n";
  for (std::size_t cut = 0; cut + 1 < text.size(); ++cut) {
    EXPECT_FALSE(parse(text.substr(0, cut)).summary) << cut;
  }
  Random random(5);
  for (int round = 0; round < 5000; ++round) {
    std::string edited = text;
    for (int i = 0; i < 3; ++i)
      edited[random.below(edited.size())] = static_cast<char>(random.next());
    (void)parse(edited, 1 + random.below(50));
  }
}

TEST(ThawCsv, a_byte_order_mark_is_whole_or_none) {
  const std::string file = "H,thaw-csv,1,bankco,F-1,2025-11-04T02:00:00Z,AUD\nT,0,0\n";
  EXPECT_TRUE(parse("\xef\xbb\xbf" + file).summary);
  for (const char* front : {"\xbb", "\xbf", "\xef", "\xef\xbb", "\xef\xbf", "\xbb\xbf"}) {
    EXPECT_FALSE(parse(front + file).summary);
  }
}

}  // namespace
}  // namespace thaw
