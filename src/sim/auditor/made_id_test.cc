#include "sim/auditor/made_id.h"

#include <gtest/gtest.h>

namespace thaw::audit {
namespace {

/// Files of one provider, record by record.
class MadeIds : public testing::Test {
 protected:
  void file(const char* id, const char* created_at, const std::vector<Line>& records) {
    std::vector<std::size_t> lines;
    for (Line line : records) {
      line.file_id = id;
      line.file_created_at = *parse_rfc3339(created_at);
      lines.push_back(history_.lines.size());
      history_.lines.push_back(line);
    }
    make_ids(history_, lines);
  }

  static Line record(std::int64_t minor, const char* text = "") {
    Line line;
    line.provider = "bankco";
    line.kind = "load";
    line.has_own_id = false;
    line.minor = minor;
    line.member = "M1";
    line.settled_at.date = CivilDate{2025, 11, 3};
    line.text = text;
    line.by_file = true;
    return line;
  }

  const std::string& id(std::size_t line) const { return history_.lines[line].txn_id; }
  void set_cumulative() { history_.providers[0].is_cumulative = true; }

  History history_{{}, {{"bankco", {"bpay"}}}, {}, {}, {}};
};

TEST_F(MadeIds, two_genuine_equal_payments_are_two_loads) {
  file("f1", "2025-11-03T05:00:00Z", {record(5'000), record(5'000)});
  EXPECT_NE(id(0), id(1));
}

TEST_F(MadeIds, a_cumulative_file_repeats_the_day_so_far) {
  set_cumulative();
  file("f1", "2025-11-03T00:00:00Z", {record(5'000), record(5'000)});
  file("f2", "2025-11-03T10:00:00Z", {record(5'000), record(5'000), record(5'000)});
  EXPECT_EQ(id(2), id(0));
  EXPECT_EQ(id(3), id(1));
  EXPECT_NE(id(4), id(0));
  EXPECT_NE(id(4), id(1));
}

TEST_F(MadeIds, another_business_date_is_another_record) {
  set_cumulative();
  file("f1", "2025-11-03T12:59:59Z", {record(5'000)});  // 23:59 in Sydney
  file("f2", "2025-11-03T13:00:00Z", {record(5'000)});
  EXPECT_NE(id(0), id(1));
}

TEST_F(MadeIds, a_delta_file_repeats_nothing) {
  file("f1", "2025-11-03T00:00:00Z", {record(5'000)});
  file("f2", "2025-11-03T10:00:00Z", {record(5'000)});
  EXPECT_NE(id(0), id(1));
}

TEST_F(MadeIds, text_and_amount_tell_records_apart) {
  set_cumulative();
  file("f1", "2025-11-03T00:00:00Z", {record(5'000, "rent"), record(5'000), record(2'500)});
  file("f2", "2025-11-03T10:00:00Z", {record(2'500), record(5'000), record(5'000, "rent")});
  EXPECT_EQ(id(3), id(2));
  EXPECT_EQ(id(4), id(1));
  EXPECT_EQ(id(5), id(0));
}

TEST_F(MadeIds, an_id_of_its_own_stays) {
  Line own = record(5'000);
  own.has_own_id = true;
  own.txn_id = "b1";
  file("f1", "2025-11-03T00:00:00Z", {own});
  EXPECT_EQ(id(0), "b1");
}

}  // namespace
}  // namespace thaw::audit
