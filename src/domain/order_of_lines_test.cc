// The orders on which placing depends: no two lines are equal that differ in anything that counts.

#include <gtest/gtest.h>

#include "domain/line_group.h"
#include "domain/pairing.h"

namespace thaw {
namespace {

Line make_line() {
  Line line;
  line.provider = ProviderId("cardco");
  line.txn_id = "a";
  line.amount = Minor::of(100);
  line.time = LineTime::at(Instant{1000});
  return line;
}

void expect_ordered(const Line& a, const Line& b, const char* by) {
  EXPECT_NE(comes_before(a, b), comes_before(b, a)) << by;
  EXPECT_FALSE(comes_before(a, a)) << by;
}

TEST(OrderOfLines, each_thing_that_counts_tells_two_lines_apart) {
  const Line line = make_line();
  const auto differ = [&](const char* by, auto change) {
    Line other = line;
    change(other);
    expect_ordered(line, other, by);
  };
  differ("kind", [](Line& l) { l.kind = LineKind::reversal; });
  differ("provider", [](Line& l) { l.provider = ProviderId("netset"); });
  differ("id", [](Line& l) { l.txn_id = "b"; });
  differ("path", [](Line& l) { l.path = Path::file; });
  differ("file", [](Line& l) { l.file = FileFacts{.line_number = 2}; });
  differ("amount", [](Line& l) { l.amount = Minor::of(200); });
  differ("from", [](Line& l) { l.time.from = Instant{1}; });
  differ("until", [](Line& l) { l.time.until = Instant{5000}; });
  differ("rail", [](Line& l) { l.rail = Rail::bpay; });
  differ("original", [](Line& l) { l.original = OriginalRef{LineKind::load, "x"}; });
}

TEST(OrderOfLines, the_later_correction_stands_over_the_earlier) {
  const auto in_file = [](std::int64_t created, std::int64_t number) {
    Line line = make_line();
    line.file = FileFacts{.provider_file_id = "F", .line_number = number};
    line.file->file_created_at = Instant{created};
    return line;
  };
  EXPECT_TRUE(stands_over(in_file(2, 1), in_file(1, 9)));
  EXPECT_TRUE(stands_over(in_file(1, 9), in_file(1, 2)));
  EXPECT_FALSE(stands_over(in_file(1, 2), in_file(1, 9)));
  Line a = make_line(), b = make_line();  // by webhook: then by what they say
  b.amount = Minor::of(200);
  EXPECT_NE(stands_over(a, b), stands_over(b, a));
}

TEST(OrderOfLines, a_record_is_ambiguous_if_another_could_make_room_for_it) {
  const std::vector<ProviderId> cards{ProviderId("cardco")};
  const auto load = [&](std::int64_t at, const char* id) {
    return PairingLoad{Instant{at}, ProviderId("cardco"), id, 1};
  };
  const auto record = [&](std::int64_t at, const char* id, std::int64_t until, std::size_t effect) {
    return PairingRecord{
        Instant{at}, ProviderId("netset"), id, Instant{0}, Instant{until}, cards, effect, false};
  };
  const std::vector<PairingLoad> loads{load(1, "a"), load(2, "b")};
  // The first takes load a, though it could take b; the second could only have a.
  const auto pair = [&](std::size_t effect) {
    return pair_records(loads, std::vector{record(1, "r", 9, 1), record(2, "s", 2, effect)});
  };
  EXPECT_TRUE(pair(1).is_ambiguous[1]);
  EXPECT_FALSE(pair(0).is_ambiguous[1] && !pair(0).is_ambiguous[0]);
}

}  // namespace
}  // namespace thaw
