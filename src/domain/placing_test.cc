// SPEC §2.3 to §2.5 over whole sets of lines, also such as no edge lets through.

#include "domain/placing.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

const Currency kAud = *Currency::parse("AUD");
const Currency kNzd = *Currency::parse("NZD");

Instant day(std::int64_t days, std::int64_t hours = 0) {
  return Instant{} + Duration::days(days) + Duration::hours(hours);
}

Line make_webhook(LineKind kind, const std::string& id, std::int64_t minor, Instant at) {
  Line line;
  line.provider = ProviderId("cardco");
  line.kind = kind;
  line.txn_id = id;
  if (kind == LineKind::load) line.rail = Rail::debit_card;
  line.currency = kAud;
  line.amount = Minor::of(minor);
  line.time = LineTime::at(at);
  return line;
}

/// A record of netset, which settles what cardco reports.
Line make_record(LineKind kind, const std::string& id, std::int64_t minor, Instant at) {
  Line line = make_webhook(kind, id, minor, at);
  line.provider = ProviderId("netset");
  line.path = Path::file;
  FileFacts file;
  file.file = FileId("file-" + id);
  file.provider_file_id = id;
  file.file_created_at = at;
  file.stands_at = at;
  file.confirms_from = at - Duration::days(7);
  file.confirms_until = at + Duration::days(1);
  file.settles_for = {ProviderId("cardco"), ProviderId("netset")};
  line.file = file;
  return line;
}

/// One enrolment of 30 days and two of grace.
class Placement : public testing::Test {
 protected:
  Placement() {
    rules_.currency = kAud;
    rules_.rails = {Rail::debit_card, Rail::npp};
  }
  Line& add(Line line) { return lines_.emplace_back(std::move(line)); }
  void place() { placing_ = place_lines(lines_, std::span(&window_, 1)); }
  Placed placed(const std::string& id) const {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].txn_id == id) return placing_.lines[i].outcome;
    }
    ADD_FAILURE() << id;
    return Placed::kept;
  }
  const Totals& totals() const { return placing_.totals.front(); }

  CampaignRules rules_;
  PlacingWindow window_{day(0), day(30), day(32), &rules_};
  std::vector<Line> lines_;
  Placing placing_;
};

TEST_F(Placement, a_load_without_a_rail_counts_nowhere_and_keeps_no_record_from_counting) {
  add(make_webhook(LineKind::load, "load", 100, day(1))).rail.reset();
  add(make_record(LineKind::load, "bare", 200, day(1))).rail.reset();
  add(make_record(LineKind::load, "card", 300, day(2)));
  place();
  EXPECT_EQ(placed("load"), Placed::excluded_rail);
  EXPECT_EQ(placed("bare"), Placed::excluded_rail);
  EXPECT_EQ(placed("card"), Placed::recovered);
  EXPECT_EQ(totals().cumulative(), Minor::of(300));
}

TEST_F(Placement, a_card_record_is_held_only_for_loads_of_providers_that_its_file_settles) {
  add(make_webhook(LineKind::load, "load", 100, day(1)));
  add(make_record(LineKind::load, "record", 300, day(2)));
  place();
  EXPECT_EQ(placed("record"), Placed::held_possible_duplicate);
  lines_.back().file->settles_for = {ProviderId("netset")};
  place();
  EXPECT_EQ(placed("record"), Placed::recovered);
}

TEST_F(Placement, a_held_reversal_of_the_whole_concerns_every_campaign) {
  add(make_webhook(LineKind::load, "load", 100, day(1)));
  Line& whole = add(make_webhook(LineKind::reversal, "whole", 1, day(2)));
  whole.amount.reset();
  whole.currency = Currency();
  whole.original = OriginalRef{LineKind::load, "unknown"};
  place();
  EXPECT_EQ(totals().could_take, Minor::of(100));
  EXPECT_EQ(totals().held, Minor{}) << "it states no amount";
  lines_.back().currency = kNzd;
  place();
  EXPECT_EQ(totals().could_take, Minor{});
}

TEST_F(Placement, only_a_load_of_the_campaigns_currency_is_set_against_withdrawals_in_grace) {
  const auto withdrawn_beside = [&](auto change) {
    lines_ = {make_webhook(LineKind::load, "load", 30, day(30, 1)),
              make_webhook(LineKind::withdrawal, "out", 40, day(30, 2))};
    change(lines_.front());
    place();
    return totals().withdrawn.units();
  };
  EXPECT_EQ(withdrawn_beside([](Line&) {}), 10);
  EXPECT_EQ(withdrawn_beside([](Line& l) { l.not_a_load = true; }), 40);
  EXPECT_EQ(withdrawn_beside([](Line& l) { l.currency = kNzd; }), 40);
}

TEST_F(Placement, a_load_that_is_none_counts_nowhere) {
  add(make_webhook(LineKind::load, "fee", 30, day(1))).not_a_load = true;
  place();
  EXPECT_EQ(placed("fee"), Placed::excluded_not_a_load);
  EXPECT_EQ(totals().cumulative(), Minor{});
}

TEST_F(Placement, a_withdrawal_in_another_currency_is_paired_and_takes_nothing) {
  add(make_webhook(LineKind::withdrawal, "out", 40, day(1))).currency = kNzd;
  add(make_record(LineKind::withdrawal, "record", 40, day(2))).currency = kNzd;
  place();
  EXPECT_EQ(placed("out"), Placed::excluded_currency);
  EXPECT_EQ(placed("record"), Placed::confirmed);
  EXPECT_EQ(totals().withdrawn, Minor{});
}

TEST_F(Placement, records_of_withdrawals_are_held_where_it_matters_which_of_them_is_the_webhooks) {
  add(make_webhook(LineKind::withdrawal, "out", 40, day(29, 23)));
  add(make_record(LineKind::withdrawal, "in_window", 40, day(29, 23)));
  add(make_record(LineKind::withdrawal, "in_grace", 40, day(30, 1)));
  place();
  EXPECT_EQ(placed("in_window"), Placed::held_ambiguous_match);
  EXPECT_EQ(placed("in_grace"), Placed::held_ambiguous_match);
  EXPECT_EQ(totals().withdrawn, Minor::of(40));
  EXPECT_EQ(totals().could_withdraw, Minor::of(80));
}

TEST_F(Placement, a_reversal_that_names_nothing_is_held_and_may_concern_a_load) {
  add(make_webhook(LineKind::load, "load", 100, day(1)));
  add(make_webhook(LineKind::withdrawal, "out", 70, day(1)));
  add(make_webhook(LineKind::reversal, "of_nothing", 20, day(2)));
  add(make_webhook(LineKind::reversal, "of_withdrawal", 30, day(2))).original =
      OriginalRef{LineKind::withdrawal, "unknown"};
  place();
  EXPECT_EQ(placed("of_nothing"), Placed::held_orphan_reversal);
  EXPECT_EQ(placed("of_withdrawal"), Placed::held_orphan_reversal);
  EXPECT_EQ(totals().could_take, Minor::of(20));
  EXPECT_EQ(totals().could_return, Minor::of(50)) << "one does not say which it means";
}

TEST_F(Placement, what_gives_back_a_withdrawal_that_may_lie_in_grace_may_give_back_one_in_grace) {
  add(make_webhook(LineKind::withdrawal, "out", 40, day(30, 1)));
  Line& record = add(make_record(LineKind::withdrawal, "record", 40, day(30)));
  record.time.until = day(33);
  add(make_record(LineKind::reversal, "back", 40, day(31))).original =
      OriginalRef{LineKind::withdrawal, "record"};
  add(make_record(LineKind::withdrawal, "other", 40, day(30)));
  place();
  EXPECT_EQ(totals().withdrawn, Minor::of(40));
  EXPECT_EQ(placed("back"), Placed::held_ambiguous_match);
  EXPECT_EQ(totals().could_return, Minor::of(40));
}

TEST_F(Placement, what_gives_back_one_that_is_held_may_give_back_one_made_in_either_part) {
  const auto returned = [this](Instant made) {
    lines_ = {make_webhook(LineKind::withdrawal, "out", 40, made)};
    add(make_record(LineKind::withdrawal, "record", 40, day(29))).time.until = day(33);
    add(make_record(LineKind::reversal, "back", 40, day(31))).original =
        OriginalRef{LineKind::withdrawal, "record"};
    add(make_record(LineKind::withdrawal, "other", 40, day(29)));
    lines_.back().file->confirms_until = day(32);
    lines_[1].file->confirms_until = day(32);
    place();
    EXPECT_EQ(placed("back"), Placed::held_ambiguous_match);
    return totals().could_return.units();
  };
  EXPECT_EQ(returned(day(29)), 40);
  EXPECT_EQ(returned(day(30, 1)), 40);
}

TEST_F(Placement, an_orphan_may_give_back_a_withdrawal_made_in_grace_and_no_more_than_there_is) {
  add(make_webhook(LineKind::withdrawal, "out", 40, day(30, 1)));
  add(make_webhook(LineKind::reversal, "orphan", 50, day(31)));
  place();
  EXPECT_EQ(totals().could_return, Minor::of(40));
}

TEST_F(Placement, a_correction_of_two_amounts_may_add_to_what_it_corrects) {
  const auto correct = [this](const std::string& named, std::int64_t minor) {
    add(make_record(LineKind::correction, "c_" + named, minor, day(3))).original =
        OriginalRef{{}, named};
  };
  add(make_record(LineKind::load, "in", 100, day(1)));
  add(make_record(LineKind::withdrawal, "out", 50, day(1)));
  correct("in", 80);
  correct("in", 90);
  correct("out", 20);
  correct("out", 25);
  place();
  EXPECT_EQ(totals().could_add, Minor::of(10));
  EXPECT_EQ(totals().could_withdraw, Minor::of(5));
}

TEST_F(Placement, a_correction_of_what_is_ambiguous_says_what_that_is_worth) {
  add(make_webhook(LineKind::withdrawal, "out", 40, day(29, 23)));
  add(make_record(LineKind::withdrawal, "in_window", 40, day(29, 23)));
  add(make_record(LineKind::withdrawal, "in_grace", 40, day(30, 1)));
  add(make_record(LineKind::correction, "corrected", 30, day(31))).original =
      OriginalRef{{}, "in_grace"};
  place();
  EXPECT_EQ(placed("in_grace"), Placed::held_ambiguous_match);
  EXPECT_EQ(placed("corrected"), Placed::held_ambiguous_match);
  EXPECT_EQ(totals().could_withdraw, Minor::of(40 + 30));
  EXPECT_EQ(totals().could_return, Minor::of(10)) << "what it corrects may be the one that is told";
}

TEST_F(Placement, a_conflict_in_another_currency_holds_no_value) {
  add(make_webhook(LineKind::load, "load", 100, day(1)));
  const auto conflict = [&](LineKind kind, const std::string& id, Currency currency) {
    Line& line = add(make_webhook(kind, id, 40, day(2)));
    line.identity_conflict = true;
    line.currency = currency;
  };
  conflict(LineKind::withdrawal, "abroad", kNzd);
  conflict(LineKind::reversal, "back_abroad", kNzd);
  place();
  EXPECT_EQ(placed("abroad"), Placed::excluded_currency);
  EXPECT_EQ(totals().held, Minor{});
  EXPECT_EQ(totals().could_withdraw, Minor{});
  conflict(LineKind::withdrawal, "out", kAud);
  conflict(LineKind::correction, "corrected", kAud);
  place();
  EXPECT_EQ(totals().held, Minor::of(40)) << "a correction has no value by itself";
  EXPECT_EQ(totals().could_withdraw, Minor::of(80));
  EXPECT_EQ(totals().could_take, Minor::of(40));
}

TEST_F(Placement, of_a_correction_of_a_load_and_one_of_its_record_the_later_files_stands) {
  const auto correct = [&](const Line& named, const std::string& id, std::int64_t minor,
                           Instant created) {
    Line& line = add(make_record(LineKind::correction, id, minor, created));
    line.provider = named.provider;
    line.original = OriginalRef{{}, named.txn_id};
  };
  for (const bool is_loads_later : {false, true}) {
    const Line load = make_webhook(LineKind::load, "load", 100, day(1));
    const Line record = make_record(LineKind::load, "record", 80, day(2));
    lines_ = {load, record};
    correct(load, "of_load", 80, day(is_loads_later ? 5 : 3));
    correct(record, "of_record", 60, day(4));
    place();
    EXPECT_EQ(placed("record"), Placed::confirmed);
    EXPECT_EQ(placed("of_load"), is_loads_later ? Placed::applied : Placed::duplicate);
    EXPECT_EQ(placed("of_record"), is_loads_later ? Placed::duplicate : Placed::applied);
    EXPECT_EQ(totals().cumulative(), Minor::of(is_loads_later ? 80 : 60));
  }
}

}  // namespace
}  // namespace thaw
