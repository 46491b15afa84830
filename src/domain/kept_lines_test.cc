// SPEC §2.2, §2.4: lines that waited for a claim, or for the record that they name, go to whoever
// holds it, in whatever order all of it comes, and whatever was interrupted.

#include "domain/domain_world_for_test.h"
#include "domain/naming.h"
#include "domain/recording.h"

namespace thaw {
namespace {

class KeptLines : public DomainWorld {
 protected:
  KeptLines() {
    run(ConfigureProvider{{ProviderId("bankco"), {Rail::bpay, Rail::npp, Rail::debit_card}, {}}});
  }
  Line make_reversal(const std::string& id, std::int64_t minor, OriginalRef original) {
    Line line = make_line(LineKind::reversal, id, minor);
    line.original = std::move(original);
    return line;
  }
  Line make_record(const std::string& id, std::int64_t minor, Rail rail) {
    Line line = make_line(LineKind::load, id, minor);
    line.provider = ProviderId("bankco");
    line.rail = rail;
    line.path = Path::file;
    line.recorded_at = now_;
    FileFacts file;
    file.file = FileId("file-" + id);
    file.provider_file_id = id;
    file.file_created_at = now_;
    file.stands_at = now_;
    file.confirms_from = now_ - Duration::days(7);
    file.confirms_until = now_ + Duration::days(1);
    file.settles_for = {ProviderId("bankco"), ProviderId("cardco")};
    line.file = file;
    return line;
  }
  Placed record(const std::string& member, const Line& line) {
    return *run(RecordLine{MemberId(member), {}, line, {}}).placed;
  }
  Placed keep(const Line& line) { return *run(RecordLine{{}, key_, line, {}}).placed; }
  ChangeReferences claim(const std::string& member, std::optional<Instant> from,
                         std::optional<Instant> until) {
    return {MemberId(member), {{key_, from, until}}, {}};
  }
  /// The member's stored lines of that id.
  std::vector<LineRow> rows_of(const std::string& member, const std::string& id) {
    std::vector<LineRow> found;
    const std::string prefix = keys::lines_of(MemberId(member));
    for (auto row = ledger_.rows().lower_bound(prefix);
         row != ledger_.rows().end() && row->first.starts_with(prefix); ++row) {
      const auto line = decode<LineRow>(row->second.bytes);
      if (line->line.txn_id == id) found.push_back(*line);
    }
    return found;
  }
  std::size_t count_rows(const std::string& prefix) {
    std::size_t count = 0;
    for (auto row = ledger_.rows().lower_bound(prefix);
         row != ledger_.rows().end() && row->first.starts_with(prefix); ++row) {
      ++count;
    }
    return count;
  }
  void lose(const std::string& key) {
    write([&](Work& work) {
      work.erase(key);
      return work.finish({});
    });
  }

  const ReferenceKey key_{"bpay_crn", "hash"};
};

TEST_F(KeptLines, go_to_whoever_held_the_reference_at_their_time) {
  enrol("M1");
  enrol("M2");
  const Instant change = now_ + Duration::days(1);
  Line later = make_line(LineKind::load, "late", 300);
  later.time = LineTime::at(change);
  keep(make_line(LineKind::load, "early", 100));
  now_ = now_ + Duration::days(2);
  keep(later);
  run_one_step(claim("M1", {}, change));  // a crash before anything is placed
  EXPECT_EQ(code(claim("M2", change, {})), ReplyCode::ok);
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100));
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(300));
}

TEST_F(KeptLines, of_before_a_claim_began_go_on_waiting) {
  enrol("M1");
  keep(make_line(LineKind::load, "early", 100));
  EXPECT_EQ(code(claim("M1", now_ + Duration::days(1), {})), ReplyCode::ok);
  EXPECT_TRUE(rows_of("M1", "early").empty());
  EXPECT_EQ(count_rows(keys::kept_under(key_)), 1u);
}

TEST_F(KeptLines, the_same_line_kept_twice_is_kept_once) {
  const Line line = make_line(LineKind::load, "a", 100);
  EXPECT_EQ(keep(line), Placed::kept);
  EXPECT_EQ(keep(line), Placed::kept);
  EXPECT_EQ(count_rows(keys::kept_under(key_)), 1u);
}

TEST_F(KeptLines, one_that_the_member_has_by_now_is_a_repeat) {
  enrol("M1");
  const Line line = make_line(LineKind::load, "a", 100);
  keep(line);
  EXPECT_EQ(record("M1", line), Placed::counted);
  EXPECT_EQ(code(claim("M1", {}, {})), ReplyCode::ok);
  ASSERT_EQ(rows_of("M1", "a").size(), 1u);
  EXPECT_EQ(rows_of("M1", "a").front().line.repeats, 1);
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100));
}

TEST_F(KeptLines, a_webhook_under_a_reference_that_cannot_be_one_is_kept_without_a_case) {
  RecordLine command{{}, key_, make_line(LineKind::load, "a", 100), {}};
  command.is_reference_malformed = true;
  EXPECT_EQ(run(command).placed, Placed::kept);
  EXPECT_TRUE(cases_in(CaseState::open).empty());
}

TEST_F(KeptLines, of_those_that_name_one_record_the_first_recorded_goes_over_undisputed) {
  enrol("M9");
  for (const std::string first : {"M1", "M2", "M3"}) {
    const std::string id = "of_" + first;
    const Line line = make_reversal("r_" + id, 20, {LineKind::load, id});
    record(first, line);
    for (const std::string other : {"M1", "M2", "M3"}) {
      if (other == first) continue;
      EXPECT_EQ(record(other, line), Placed::held_identity_conflict);
    }
    record("M9", make_line(LineKind::load, id, 50));
    ASSERT_EQ(rows_of("M9", line.txn_id).size(), 1u) << "all are one line";
    EXPECT_EQ(rows_of("M9", line.txn_id).front().outcome, Placed::applied);
    EXPECT_FALSE(rows_of("M9", line.txn_id).front().line.identity_conflict);
    for (const char* member : {"M1", "M2", "M3"}) {
      EXPECT_TRUE(rows_of(member, line.txn_id).empty()) << member;
    }
  }
  EXPECT_EQ(enrolment_of("M9").totals.instant, Minor::of(3 * 30));
}

TEST_F(KeptLines, of_those_that_name_one_record_the_one_of_its_holder_is_in_conflict_no_longer) {
  enrol("M1");
  enrol("M2");
  const Line first = make_reversal("r1", 30, {{}, "p1"});
  Line second = first;
  second.amount = Minor::of(40);
  EXPECT_EQ(record("M1", first), Placed::held_orphan_reversal);
  EXPECT_EQ(record("M2", second), Placed::held_identity_conflict);
  EXPECT_EQ(record("M2", make_line(LineKind::load, "p1", 100)), Placed::counted);
  ASSERT_EQ(rows_of("M2", "r1").size(), 2u) << "as if they had come after their record";
  EXPECT_EQ(rows_of("M2", "r1").front().outcome, Placed::applied);
  EXPECT_EQ(rows_of("M2", "r1").back().outcome, Placed::held_amount_mismatch);
  EXPECT_EQ(enrolment_of("M2").totals.could_take, Minor::of(10));
}

TEST_F(KeptLines, one_that_comes_to_its_equal_ends_the_conflict_of_that) {
  enrol("M1");
  enrol("M2");
  const Line line = make_reversal("r1", 30, {{}, "p1"});
  record("M1", line);
  EXPECT_EQ(record("M2", line), Placed::held_identity_conflict);
  record("M2", make_line(LineKind::load, "p1", 100));
  ASSERT_EQ(rows_of("M2", "r1").size(), 1u);
  EXPECT_EQ(rows_of("M2", "r1").front().outcome, Placed::applied);
  EXPECT_EQ(rows_of("M2", "r1").front().line.repeats, 1);
  EXPECT_TRUE(rows_of("M1", "r1").empty());
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(70));
}

TEST_F(KeptLines, of_a_member_who_is_not_enrolled_are_kept_once_their_conflict_has_ended) {
  enrol("M1");
  record("M1", make_reversal("r1", 30, {{}, "p1"}));
  EXPECT_EQ(record("M2", make_reversal("r1", 40, {{}, "p1"})), Placed::held_identity_conflict);
  record("M2", make_line(LineKind::load, "p1", 100));
  ASSERT_EQ(rows_of("M2", "r1").size(), 2u);
  for (const LineRow& row : rows_of("M2", "r1")) EXPECT_EQ(row.outcome, Placed::kept);
  now_ = now_ + Duration::days(40);
  run(ExpireKept{});
  EXPECT_TRUE(rows_of("M2", "r1").empty()) << "they expire like others";
}

TEST_F(KeptLines, many_conflicts_end_in_steps) {
  enrol("M1");
  enrol("M2");
  record("M1", make_reversal("r1", 30, {{}, "p1"}));
  for (std::int64_t minor = 40; minor < 60; ++minor) {
    record("M2", make_reversal("r1", minor, {{}, "p1"}));
  }
  record("M2", make_line(LineKind::load, "p1", 100));
  ASSERT_EQ(rows_of("M2", "r1").size(), 21u);
  for (const LineRow& row : rows_of("M2", "r1")) {
    EXPECT_FALSE(row.line.identity_conflict);
    EXPECT_NE(row.outcome, Placed::held_identity_conflict);
  }
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(70));
}

TEST_F(KeptLines, a_conflict_in_another_currency_or_of_another_identity_goes_on) {
  enrol("M1");
  enrol("M2");
  Line abroad = make_reversal("r1", 40, {{}, "p1"});
  abroad.currency = *Currency::parse("NZD");
  Line other = make_reversal("r2", 50, {{}, "nothing"});
  record("M1", make_reversal("r1", 30, {{}, "p1"}));
  record("M1", other);
  EXPECT_EQ(record("M2", abroad), Placed::held_identity_conflict);
  EXPECT_EQ(record("M2", other), Placed::held_identity_conflict);
  record("M2", make_line(LineKind::load, "p1", 100));
  EXPECT_EQ(rows_of("M2", "r1").size(), 2u);
  EXPECT_EQ(rows_of("M2", "r1").back().outcome, Placed::held_identity_conflict);
  EXPECT_EQ(rows_of("M2", "r2").front().outcome, Placed::held_identity_conflict);
}

TEST_F(KeptLines, one_whose_identity_has_gone_meanwhile_goes_over_into_whatever_there_is) {
  enrol("M1");
  enrol("M2");
  const Line line = make_reversal("r1", 30, {{}, "p1"});
  record("M1", line);
  lose(keys::identity(line));
  EXPECT_EQ(record("M2", make_line(LineKind::load, "p1", 100)), Placed::counted);
  EXPECT_EQ(rows_of("M2", "r1").front().outcome, Placed::applied);
}

TEST_F(KeptLines, one_that_names_a_record_of_another_kind_goes_on_waiting) {
  enrol("M1");
  enrol("M2");
  record("M2", make_reversal("of_load", 20, {LineKind::load, "x"}));
  record("M2", make_reversal("of_withdrawal", 20, {LineKind::withdrawal, "x"}));
  record("M1", make_line(LineKind::load, "x", 50));
  EXPECT_EQ(rows_of("M1", "of_load").size(), 1u);
  EXPECT_EQ(rows_of("M2", "of_withdrawal").size(), 1u);
  record("M1", make_line(LineKind::withdrawal, "x", 30));
  EXPECT_EQ(rows_of("M1", "of_withdrawal").size(), 1u);
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(30));
  EXPECT_EQ(enrolment_of("M1").totals.withdrawn, Minor::of(10));
}

TEST_F(KeptLines, one_that_has_gone_from_where_it_waited_is_waited_for_no_longer) {
  enrol("M2");
  const Line of_member = make_reversal("r1", 20, {LineKind::load, "x"});
  record("M1", of_member);
  const Line kept = make_reversal("r2", 20, {LineKind::load, "x"});
  keep(kept);
  lose(keys::line(MemberId("M1"), of_member));
  lose(keys::kept_line(key_, kept));
  EXPECT_EQ(record("M2", make_line(LineKind::load, "x", 50)), Placed::counted);
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(50));
  EXPECT_EQ(count_rows(keys::naming_all(ProviderId("cardco"), "x")), 0u);
  EXPECT_EQ(count_rows(keys::found_originals()), 0u);
}

TEST_F(KeptLines, one_whose_identity_is_lost_goes_over_all_the_same) {
  enrol("M2");
  const Line line = make_reversal("r", 20, {LineKind::load, "x"});
  record("M1", line);
  lose(keys::identity(line));
  record("M2", make_line(LineKind::load, "x", 50));
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(30));
}

TEST_F(KeptLines, leave_a_member_whose_own_lines_are_behind_once_they_are_not) {
  constexpr int kLines = 100;
  enrol("M2");
  record("M1", make_reversal("r", 20, {LineKind::load, "x"}));
  for (int i = 0; i < kLines; ++i) pay("M1", "a" + std::to_string(i), 100);
  run_one_step(Enrol{rules_.id, MemberId("M1"), {}, {}, ""});
  ASSERT_TRUE(find<Member>(keys::member(MemberId("M1")))->is_settling);
  run_one_step(RecordLine{MemberId("M2"), {}, make_line(LineKind::load, "x", 50), {}});
  EXPECT_EQ(run_one_step(PlaceKept{}).count, 0) << "not yet";
  EXPECT_EQ(rows_of("M1", "r").size(), 1u);
  run(PlaceKept{});
  EXPECT_FALSE(find<Member>(keys::member(MemberId("M1")))->is_settling);
  EXPECT_TRUE(rows_of("M1", "r").empty());
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(30));
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100 * kLines));
}

TEST_F(KeptLines, what_a_member_of_no_enrolment_has_is_paired_in_steps_when_a_line_leaves) {
  constexpr int kPairs = 10;
  enrol("M2");
  for (int i = 0; i < kPairs; ++i) {
    const std::string number = std::to_string(i);
    pay("M1", "a" + number, 100 + i);
    record("M1", make_record("b" + number, 100 + i, Rail::debit_card));
  }
  record("M1", make_reversal("r", 20, {LineKind::load, "x"}));
  record("M2", make_line(LineKind::load, "x", 50));
  EXPECT_FALSE(find<Member>(keys::member(MemberId("M1")))->is_settling);
  for (int i = 0; i < kPairs; ++i) {
    EXPECT_FALSE(rows_of("M1", "b" + std::to_string(i)).front().confirms.empty()) << i;
  }
  EXPECT_EQ(enrolment_of("M2").totals.instant, Minor::of(30));
}

TEST_F(KeptLines, what_one_that_arrives_sets_free_is_written_in_steps) {
  constexpr int kHeld = 12;
  enrol("M2");
  now_ = now_ + Duration::days(1);
  pay("M2", "load", 1000);
  for (int i = 0; i < kHeld; ++i) {
    const Line line = make_record("b" + std::to_string(i), 100 + i, Rail::debit_card);
    EXPECT_EQ(record("M2", line), Placed::held_possible_duplicate);
  }
  // A correction that another member's reference brought names a record which comes now: corrected,
  // that record is the webhook's own, and none of the others can be it.
  Line correction = make_record("k", 1000, Rail::debit_card);
  correction.kind = LineKind::correction;
  correction.rail.reset();
  correction.original = OriginalRef{{}, "named"};
  record("M1", correction);
  record("M2", make_record("named", 990, Rail::debit_card));
  EXPECT_EQ(rows_of("M2", "named").front().outcome, Placed::confirmed);
  for (int i = 0; i < kHeld; ++i) {
    EXPECT_EQ(rows_of("M2", "b" + std::to_string(i)).front().outcome, Placed::recovered) << i;
  }
  EXPECT_FALSE(find<Member>(keys::member(MemberId("M2")))->is_settling);
}

TEST_F(KeptLines, all_that_wait_with_the_holder_stay_there) {
  constexpr int kWaiting = 10;
  enrol("M1");
  for (int i = 0; i < kWaiting; ++i) {
    record("M1", make_reversal("r" + std::to_string(i), 1, {LineKind::load, "x"}));
  }
  record("M1", make_line(LineKind::load, "x", 50));
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(50 - kWaiting));
}

TEST_F(KeptLines, all_that_were_claimed_are_placed_before_what_they_make_is_revised) {
  CampaignRules rules = rules_;
  rules.late_policy = LatePolicy::auto_issue;
  run(DraftCampaign{rules});
  run(PublishCampaign{rules.id, {}});
  enrol("M1");
  const ReferenceKey key{"bpay_crn", "hash"};
  now_ = now_ + Duration::days(1);
  for (int i = 1; i <= 8; ++i) {
    const std::string id = "a" + std::to_string(i);
    run(RecordLine{{}, key, make_line(LineKind::load, id, 2'000), {}});
  }
  run(RecordLine{{}, key, make_line(LineKind::withdrawal, "w", 10'000), {}});
  decide("M1");
  run(ChangeReferences{MemberId("M1"), {{key, {}, {}}}, {}});
  EXPECT_EQ(find<Member>(keys::member(MemberId("M1")))->lines.all, 9);
  fire("M1");
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::not_qualified) << "16,000 less 10,000";
  EXPECT_EQ(enrolment_of("M1").revision, 1);
}

}  // namespace
}  // namespace thaw
