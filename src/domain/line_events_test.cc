// SPEC §3.4: which event a line's placement is told by.

#include "domain/line_events.h"

#include "domain/domain_world_for_test.h"

namespace thaw {
namespace {

class LineEvents : public DomainWorld {
 protected:
  EventType type(const Line& line, Placed placed, std::optional<Placed> before = {}) {
    const LineRow row{.line = line, .outcome = placed};
    const LineRow former{.line = line, .outcome = before.value_or(placed)};
    EventType found{};
    ledger_.read([&](StateView& view) {
      Work work(view, now_);
      emit_line_event(work, MemberId("M1"), "key", row, before ? &former : nullptr);
      found = work.finish({}).events.front().type;
    });
    return found;
  }
  Line by_file(Line line, std::optional<Rail> rail) {
    line.path = Path::file;
    line.rail = rail;
    return line;
  }
  Line naming(LineKind kind, std::optional<OriginalRef> original) {
    Line line = make_line(kind, "r", 100);
    line.original = std::move(original);
    return line;
  }
};

using enum EventType;

TEST_F(LineEvents, a_delayed_load_that_counts_has_settled) {
  const Line load = make_line(LineKind::load, "a", 100);
  EXPECT_EQ(type(by_file(load, Rail::bpay), Placed::counted), load_settled);
  EXPECT_EQ(type(by_file(load, Rail::bpay), Placed::excluded_late), load_recorded);
  EXPECT_EQ(type(by_file(load, Rail::debit_card), Placed::recovered), load_recorded);
  EXPECT_EQ(type(by_file(load, {}), Placed::counted), load_recorded);
  EXPECT_EQ(type(load, Placed::counted), load_recorded);
  EXPECT_EQ(type(load, Placed::excluded_reversed), load_reversed);
}

TEST_F(LineEvents, what_is_held_is_told_so_and_when_it_is_no_longer) {
  const Line load = make_line(LineKind::load, "a", 100);
  EXPECT_EQ(type(load, Placed::held_possible_duplicate), load_held);
  EXPECT_EQ(type(load, Placed::counted, Placed::held_possible_duplicate), load_released);
  EXPECT_EQ(type(load, Placed::confirmed, Placed::counted), load_confirmed);
}

TEST_F(LineEvents, what_takes_back_is_told_by_what_it_names) {
  const OriginalRef load{LineKind::load, "a"};
  const OriginalRef withdrawal{LineKind::withdrawal, "a"};
  EXPECT_EQ(type(naming(LineKind::reversal, load), Placed::applied), load_reversed);
  EXPECT_EQ(type(naming(LineKind::correction, withdrawal), Placed::applied), withdrawal_reversed);
  EXPECT_EQ(type(naming(LineKind::reversal, {}), Placed::applied), load_reversed);
  EXPECT_EQ(type(make_line(LineKind::withdrawal, "w", 100), Placed::applied), withdrawal_recorded);
  EXPECT_EQ(type(make_line(LineKind::withdrawal, "w", 100), Placed::excluded_reversed),
            withdrawal_reversed);
}

}  // namespace
}  // namespace thaw
