// SPEC §2.6: which lines a decision rests on, and which later ones belong to its review.

#include "domain/standing.h"

#include <gtest/gtest.h>

#include "domain/keys.h"

namespace thaw {
namespace {

/// Lines of one member in the order in which they came; the decision took in the first ones.
class Cut : public testing::Test {
 protected:
  StoredLine& add(LineKind kind, const std::string& id) {
    Line line;
    line.provider = ProviderId("cardco");
    line.kind = kind;
    line.txn_id = id;
    line.amount = Minor::of(100);
    line.attached_at = Instant{10};
    const auto arrival = static_cast<std::int64_t>(lines_.size()) + 1;
    return lines_.emplace_back(
        StoredLine{keys::line(MemberId("M1"), line), {.line = line, .arrival = arrival}});
  }
  StoredLine& add_naming(const std::string& id, OriginalRef original) {
    StoredLine& added = add(LineKind::reversal, id);
    added.row.line.original = std::move(original);
    return added;
  }
  /// What the review adds to a decision on the first `count` lines.
  std::vector<std::int64_t> also(std::int64_t count) {
    return extend_cut(lines_, {Instant::min(), count, {}, {}}).also;
  }
  std::vector<std::int64_t> without(std::int64_t count) {
    return extend_cut(lines_, {Instant::min(), count, {}, {}}).without;
  }
  using Arrivals = std::vector<std::int64_t>;

  std::vector<StoredLine> lines_;
};

TEST_F(Cut, of_a_first_decision_is_what_was_recorded_before_it_and_what_it_names) {
  LineRow row{.arrival = 5};
  row.line.attached_at = Instant{10};
  EXPECT_TRUE(is_taken_in(row, {.before = Instant{11}}));
  EXPECT_FALSE(is_taken_in(row, {.before = Instant{10}}));
  EXPECT_TRUE(is_taken_in(row, {.arrivals = 5}));
  EXPECT_FALSE(is_taken_in(row, {.arrivals = 4}));
  EXPECT_TRUE(is_taken_in(row, {.also = {3, 5}}));
  EXPECT_FALSE(is_taken_in(row, {.before = Instant{11}, .without = {5}}));
}

TEST_F(Cut, names_the_lines_that_have_come_by_awaited_files) {
  const FileId awaited[] = {FileId("f")};
  add(LineKind::load, "webhook");
  add(LineKind::load, "of_another").row.line.file = FileFacts{.file = FileId("g")};
  add(LineKind::load, "awaited").row.line.file = FileFacts{.file = FileId("f")};
  const DecisionCut cut = make_cut(lines_, Instant{10}, awaited);
  EXPECT_EQ(cut.before, Instant{10});
  EXPECT_EQ(cut.also, Arrivals{3});
  EXPECT_EQ(make_cut(lines_, Instant{10}, {}).also, Arrivals{});
}

TEST_F(Cut, takes_in_with_an_awaited_file_what_had_waited_for_its_records) {
  const FileId awaited[] = {FileId("f")};
  add(LineKind::load, "awaited").row.line.file = FileFacts{.file = FileId("f")};
  add(LineKind::load, "late");
  const auto add_one = [&](const std::string& id, const std::string& named, Instant recorded_at) {
    add_naming(id, {{}, named}).row.line.recorded_at = recorded_at;
  };
  add_one("before", "awaited", Instant{9});
  add_one("after", "awaited", Instant{10});
  add_one("of_a_late_one", "late", Instant{9});
  add_one("in_the_file", "awaited", Instant{9});
  lines_.back().row.line.file = FileFacts{.file = FileId("f")};
  add(LineKind::load, "last").row.line.file = FileFacts{.file = FileId("f")};
  EXPECT_EQ(make_cut(lines_, Instant{10}, awaited).also, (Arrivals{1, 3, 6, 7}));
}

TEST_F(Cut, a_later_line_belongs_to_the_review_if_it_names_one_of_its_lines) {
  add(LineKind::load, "a");
  add(LineKind::withdrawal, "w");
  add_naming("of_load", {LineKind::load, "a"});
  add_naming("of_withdrawal", {LineKind::withdrawal, "w"});
  add_naming("of_either_load", {{}, "a"});
  add_naming("of_either_withdrawal", {{}, "w"});
  add_naming("of_another", {{}, "x"});
  add_naming("of_another_kind", {LineKind::withdrawal, "a"});
  EXPECT_EQ(also(2), (Arrivals{3, 4, 5, 6}));
}

TEST_F(Cut, a_later_line_belongs_to_the_review_if_it_is_of_one_identity_or_pair_with_one_of_its) {
  add(LineKind::load, "load").row.confirms.clear();
  add(LineKind::load, "record").row.confirms = "the key of a later load";
  add(LineKind::load, "load").row.line.amount = Minor::of(90);
  const std::string first = lines_.front().key;
  add(LineKind::load, "later_record").row.confirms = first;
  add(LineKind::load, "later_load").key = "the key of a later load";
  add(LineKind::load, "another");
  EXPECT_EQ(also(2), (Arrivals{3, 4, 5}));
}

TEST_F(Cut, what_is_said_of_a_line_that_came_into_the_review_belongs_to_it_too) {
  add(LineKind::load, "a");
  add_naming("second", {LineKind::reversal, "first"});
  add_naming("first", {LineKind::load, "a"});
  EXPECT_EQ(also(1), (Arrivals{2, 3}));
}

TEST_F(Cut, a_reversal_whose_record_came_later_says_nothing_of_the_first_verdicts_lines) {
  add(LineKind::load, "a");
  add_naming("r", {LineKind::load, "b"});
  add_naming("still_unknown", {LineKind::load, "c"});
  add(LineKind::load, "b");
  EXPECT_EQ(without(3), Arrivals{2});
  EXPECT_EQ(also(3), Arrivals{});
}

}  // namespace
}  // namespace thaw
