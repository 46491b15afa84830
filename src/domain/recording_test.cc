// SPEC §2.4: why the content of a line is rejected, each limit from both sides, the reasons in
// their order.

#include "domain/recording.h"

#include <gtest/gtest.h>

#include "domain/campaign.h"

namespace thaw {
namespace {

const Instant kNow{1'000'000'000};

Line make_line(LineKind kind) {
  Line line;
  line.provider = ProviderId("cardco");
  line.kind = kind;
  line.txn_id = "a";
  if (kind == LineKind::load) line.rail = Rail::npp;
  line.amount = Minor::of(100);
  line.time = LineTime::at(kNow);
  if (kind == LineKind::reversal || kind == LineKind::correction) {
    line.original = OriginalRef{LineKind::load, "b"};
  }
  return line;
}

std::optional<Placed> rejection(const Line& line, std::optional<Placed> found = {}) {
  const ProviderSettings settings{ProviderId("cardco"),
                                  {Rail::npp, Rail::apple_pay, Rail::bpay},
                                  {},
                                  {Rail::bpay},
                                  {Rail::apple_pay}};
  return find_rejection(line, settings, kNow, found);
}

template <typename Change>
std::optional<Placed> rejection_of(LineKind kind, Change change) {
  Line line = make_line(kind);
  change(line);
  return rejection(line);
}

TEST(Rejections, sound_lines_of_each_kind_have_none) {
  for (const LineKind kind :
       {LineKind::load, LineKind::withdrawal, LineKind::reversal, LineKind::correction}) {
    EXPECT_EQ(rejection(make_line(kind)), std::nullopt) << to_string(kind);
  }
}

TEST(Rejections, a_line_more_than_five_minutes_ahead_is_of_the_future) {
  const auto ahead = [](Duration by) {
    return rejection_of(LineKind::load, [&](Line& l) { l.time = LineTime::at(kNow + by); });
  };
  EXPECT_EQ(ahead(Duration::minutes(5)), std::nullopt);
  EXPECT_EQ(ahead(Duration::minutes(5) + Duration{1}), Placed::rejected_future);
}

/// SPEC §3.6: a rail not its own; none is needed but by a load.
TEST(Rejections, whatever_states_a_rail_states_one_that_its_provider_may_send_by_that_path) {
  for (const LineKind kind : {LineKind::withdrawal, LineKind::reversal, LineKind::correction}) {
    const auto by = [kind](std::optional<Rail> rail, Path path) {
      return rejection_of(kind, [&](Line& l) { l.rail = rail, l.path = path; });
    };
    EXPECT_EQ(by({}, Path::webhook), std::nullopt) << to_string(kind);
    EXPECT_EQ(by(Rail::debit_card, Path::webhook), Placed::rejected_unknown_rail);
    EXPECT_EQ(by(Rail::bpay, Path::file), std::nullopt);
    EXPECT_EQ(by(Rail::apple_pay, Path::file), Placed::rejected_unknown_rail);
  }
}

TEST(Rejections, a_load_has_a_rail_that_its_provider_may_send_by_that_path) {
  const auto by = [](std::optional<Rail> rail, Path path) {
    return rejection_of(LineKind::load, [&](Line& l) { l.rail = rail, l.path = path; });
  };
  EXPECT_EQ(by({}, Path::webhook), Placed::rejected_malformed);
  EXPECT_EQ(by(Rail::debit_card, Path::webhook), Placed::rejected_unknown_rail);
  EXPECT_EQ(by(Rail::bpay, Path::webhook), Placed::rejected_unknown_rail);
  EXPECT_EQ(by(Rail::bpay, Path::file), std::nullopt);
  EXPECT_EQ(by(Rail::apple_pay, Path::file), Placed::rejected_unknown_rail);
  EXPECT_EQ(by(Rail::apple_pay, Path::webhook), std::nullopt);
}

TEST(Rejections, only_a_reversal_may_state_no_amount_and_none_may_state_an_impossible_one) {
  const auto with = [](LineKind kind, std::optional<Minor> amount) {
    return rejection_of(kind, [&](Line& l) { l.amount = amount; });
  };
  EXPECT_EQ(with(LineKind::reversal, {}), std::nullopt);
  EXPECT_EQ(with(LineKind::load, {}), Placed::rejected_malformed);
  EXPECT_EQ(with(LineKind::correction, {}), Placed::rejected_malformed);
  EXPECT_EQ(with(LineKind::load, Minor{}), Placed::rejected_amount);
  EXPECT_EQ(with(LineKind::load, Minor::of(-1)), Placed::rejected_amount);
  EXPECT_EQ(with(LineKind::load, Minor::of(1)), std::nullopt);
  EXPECT_EQ(with(LineKind::load, Minor::of(kLargestPayment)), std::nullopt);
  EXPECT_EQ(with(LineKind::load, Minor::of(kLargestPayment + 1)), Placed::rejected_amount);
}

TEST(Rejections, what_takes_back_names_a_record_and_nothing_else_does) {
  EXPECT_EQ(rejection_of(LineKind::reversal, [](Line& l) { l.original.reset(); }),
            Placed::rejected_malformed);
  EXPECT_EQ(rejection_of(LineKind::load, [](Line& l) { l.original = OriginalRef{{}, "b"}; }),
            Placed::rejected_malformed);
}

TEST(Rejections, of_several_the_first_in_order_is_told) {
  Line line = make_line(LineKind::load);
  line.amount = Minor{};
  EXPECT_EQ(rejection(line, Placed::rejected_unknown_type), Placed::rejected_unknown_type);
  EXPECT_EQ(rejection(line, Placed::rejected_malformed), Placed::rejected_amount);
  line.time = LineTime::at(kNow + Duration::days(1));
  EXPECT_EQ(rejection(line, Placed::rejected_unknown_type), Placed::rejected_future);
  EXPECT_EQ(rejection(make_line(LineKind::load), Placed::rejected_malformed),
            Placed::rejected_malformed);
}

}  // namespace
}  // namespace thaw
