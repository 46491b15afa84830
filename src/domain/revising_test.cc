// SPEC §2.6: waits for files, reviews, and what a later record does to a verdict.

#include "domain/awaiting.h"
#include "domain/domain_world_for_test.h"

namespace thaw {
namespace {

class Revising : public DomainWorld {
 protected:
  /// The campaign's next version, under which the next member enrols.
  template <typename Change>
  void republish(Change change) {
    CampaignRules rules = rules_;
    change(rules);
    run(DraftCampaign{rules});
    run(PublishCampaign{rules.id, {}});
  }
  /// A load made in the window and recorded now.
  void pay_late(const std::string& member, const std::string& id, std::int64_t minor) {
    Line line = make_line(LineKind::load, id, minor);
    line.time = LineTime::at(enrolment_of(member).enrolled_at);
    run(RecordLine{MemberId(member), {}, line, {}});
  }
  std::vector<std::string> open_kinds() {
    std::vector<std::string> kinds;
    for (const CaseFacts& facts : cases_in(CaseState::open)) kinds.push_back(facts.kind);
    return kinds;
  }
  std::int64_t reserved() {
    return find<CampaignBudget>(keys::campaign_budget(rules_.id))->reserved_points;
  }
  /// bankco sends a file for each of so many days at the end of the window.
  void expect_files(int days) {
    std::vector<ExpectedFile> expected;
    const Instant first = now_ + Duration::days(2);
    for (int i = 0; i < days; ++i) {
      const Instant day = first + Duration::days(i);
      expected.push_back({date_of(i), day, day + Duration::days(1), day + Duration::days(1)});
    }
    run(ConfigureProvider{{ProviderId("bankco"), {Rail::bpay}, expected}});
  }
  static std::string date_of(int day) { return "day-" + std::to_string(day); }
  FileId accept(const std::string& id, const std::string& date) {
    SettlementFile file;
    file.id = FileId(id);
    file.provider = ProviderId("bankco");
    file.provider_file_id = id;
    file.business_date = date;
    EXPECT_EQ(code(AcceptFile{file}), ReplyCode::created);
    return file.id;
  }
  /// Applied, and those who wait look again.
  void finish(const FileId& file) {
    EXPECT_EQ(code(FinishFile{file, {}}), ReplyCode::ok);
    fire("M1");
  }
  void end_wait() {
    now_ = enrolment_of("M1").waits_until;
    fire("M1");
  }
};

TEST_F(Revising, in_the_members_favour_a_late_record_is_issued_by_itself_only_in_time) {
  republish([](CampaignRules& rules) { rules.late_policy = LatePolicy::auto_issue; });
  for (const char* member : {"M1", "M2"}) enrol(member);
  decide("M1");
  decide("M2");
  now_ = enrolment_of("M1").decides_at + rules_.late_until;
  pay_late("M1", "a", 10'000);
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_TRUE(open_kinds().empty());
  now_ = now_ + Duration{1};
  pay_late("M2", "b", 10'000);
  EXPECT_EQ(enrolment_of("M2").outcome, Outcome::not_qualified);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"revision"});
}

TEST_F(Revising, in_the_members_favour_a_late_record_opens_a_case_or_none_at_all) {
  enrol("M1");
  republish([](CampaignRules& rules) { rules.late_policy = LatePolicy::ignore; });
  enrol("M2");
  decide("M1");
  decide("M2");
  pay_late("M2", "b", 10'000);
  EXPECT_TRUE(open_kinds().empty());
  pay_late("M1", "a", 10'000);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"revision"});
  pay_late("M1", "c", 10'000);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"revision"}) << "it is proposed already";
}

TEST_F(Revising, against_the_member_people_decide_whatever_the_policy) {
  republish([](CampaignRules& rules) { rules.late_policy = LatePolicy::auto_issue; });
  enrol("M1");
  pay("M1", "a", 10'000);
  decide("M1");
  reverse("M1", "r", "a");
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"revision"});
}

TEST_F(Revising, what_people_refused_is_proposed_again_only_when_another_line_has_come) {
  CampaignRules other = rules_;
  other.id = CampaignId("other");
  run(DraftCampaign{other});
  run(PublishCampaign{other.id, {}});
  enrol("M1");
  decide("M1");
  pay_late("M1", "a", 10'000);
  run(ResolveCase{cases_in(CaseState::open).front().id, false, "no"});
  EXPECT_EQ(code(Enrol{other.id, MemberId("M1"), {}, {}, ""}), ReplyCode::created);
  EXPECT_TRUE(open_kinds().empty()) << "all lines are placed anew, none has come";
  pay_late("M1", "b", 1);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"revision"});
}

TEST_F(Revising, an_admitted_member_is_never_refused_for_budget) {
  republish([](CampaignRules& rules) {
    rules.late_policy = LatePolicy::auto_issue;
    rules.budget_points = rules.points;
  });
  enrol("M1");
  EXPECT_EQ(reserved(), 2000);
  decide("M1");
  EXPECT_EQ(reserved(), 0) << "not qualified: the share is given back";
  enrol("M2");
  EXPECT_EQ(reserved(), 2000);
  pay_late("M1", "a", 10'000);
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_EQ(reserved(), 4000) << "over the budget, but promised";
  reverse("M1", "r", "a");
  run(ResolveCase{cases_in(CaseState::open).front().id, true, ""});
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::not_qualified);
  EXPECT_EQ(reserved(), 2000);
}

TEST_F(Revising, a_review_that_ends_qualified_keeps_its_share_of_the_budget) {
  republish([](CampaignRules& rules) { rules.budget_points = rules.points; });
  enrol("M1");
  pay("M1", "a", 10'000);
  reverse("M1", "r", "unknown");
  ASSERT_EQ(decide("M1").outcome, Outcome::in_review);
  EXPECT_EQ(reserved(), 2000);
  Line line = make_line(LineKind::load, "unknown", 100);
  line.time = LineTime::at(enrolment_of("M1").enrolled_at);
  run(RecordLine{MemberId("M1"), {}, line, {}});
  fire("M1");
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_EQ(reserved(), 2000);
}

TEST_F(Revising, more_held_lines_than_people_look_at_one_by_one_have_one_case) {
  constexpr int kHeld = 11;
  enrol("M1");
  pay("M1", "a", 10'000);
  for (int i = 0; i < kHeld; ++i) reverse("M1", "r" + std::to_string(i), "x" + std::to_string(i));
  ASSERT_EQ(decide("M1").outcome, Outcome::in_review);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"too_many_lines"});
  pay_late("M1", "late", 1);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"too_many_lines"}) << "they are still held";
  // Their records come, and are no part of the verdict: nothing of it is held any more.
  for (int i = 0; i < kHeld; ++i) pay_late("M1", "x" + std::to_string(i), 1);
  fire("M1");
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_TRUE(open_kinds().empty());
}

TEST_F(Revising, of_very_many_missing_files_the_first_ten_have_cases) {
  constexpr int kDays = 12;
  expect_files(kDays);
  enrol("M1");
  ASSERT_EQ(decide("M1").state, EnrolmentState::awaiting_settlement);
  end_wait();
  EXPECT_EQ(enrolment_of("M1").reason, VerdictReason::settlement_incomplete);
  EXPECT_EQ(open_kinds(), std::vector<std::string>(10, "file_missing"));
  for (int i = 0; i < kDays; ++i) finish(accept("f" + std::to_string(i), date_of(i)));
  EXPECT_TRUE(open_kinds().empty());
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::not_qualified);
}

TEST_F(Revising, a_missing_files_case_stays_open_until_that_file_is_applied) {
  expect_files(2);
  enrol("M1");
  decide("M1");
  end_wait();
  ASSERT_EQ(open_kinds().size(), 2u);
  const FileId first = accept("f0", date_of(0));
  const FileId second = accept("f1", date_of(1));
  finish(first);
  EXPECT_EQ(open_kinds().size(), 1u) << "the second is accepted, not applied";
  finish(second);
  EXPECT_TRUE(open_kinds().empty());
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::not_qualified);
}

TEST_F(Revising, a_review_for_files_goes_on_until_the_last_that_was_being_applied_is) {
  enrol("M1");
  now_ = now_ + Duration::days(2);
  const FileId first = accept("f0", date_of(0));
  const FileId second = accept("f1", date_of(1));
  ASSERT_EQ(decide("M1").state, EnrolmentState::awaiting_settlement);
  fire("M1");
  EXPECT_EQ(enrolment_of("M1").awaited.size(), 2u) << "nothing has changed";
  end_wait();
  EXPECT_EQ(open_kinds().size(), 2u);
  finish(first);
  EXPECT_EQ(open_kinds().size(), 1u);
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::in_review);
  finish(second);
  EXPECT_TRUE(open_kinds().empty());
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::not_qualified);
}

TEST_F(Revising, a_file_whose_rows_are_lost_is_missing_or_not_waited_for) {
  expect_files(2);
  enrol("M1");
  now_ = now_ + Duration::days(1);
  const FileId lost = accept("f0", date_of(0));
  run(FinishFile{lost, {}});
  write([&](Work& work) {
    work.erase(keys::file(lost));
    work.put(keys::files_of_day(ProviderId("bankco"), date_of(1)), FilesOfDay{});
    return work.finish({});
  });
  decide("M1");
  ASSERT_EQ(enrolment_of("M1").awaited.size(), 1u);
  EXPECT_EQ(enrolment_of("M1").awaited.front().business_date, date_of(1));
}

TEST_F(Revising, without_its_calendar_a_provider_is_not_waited_for) {
  expect_files(2);
  enrol("M1");
  write([&](Work& work) {
    work.erase(keys::provider_calendar(ProviderId("bankco")));
    return work.finish({});
  });
  EXPECT_EQ(decide("M1").state, EnrolmentState::decided);
}

/// SPEC §2.4: all records of a file are of the instant at which it was accepted.
TEST_F(Revising, a_file_accepted_within_late_until_is_in_time_however_long_applying_takes) {
  republish([](CampaignRules& rules) { rules.late_policy = LatePolicy::auto_issue; });
  enrol("M1");
  decide("M1");
  const Enrolment enrolment = enrolment_of("M1");
  const Instant last = enrolment.decides_at + rules_.late_until;
  Line line = make_line(LineKind::load, "b", 10'000);
  line.provider = ProviderId("bankco");
  line.rail = Rail::bpay;
  line.path = Path::file;
  line.time = LineTime::at(enrolment.enrolled_at);
  line.recorded_at = last;
  line.file = FileFacts{.file = FileId("f")};
  now_ = last + Duration::hours(3);
  run(RecordLine{MemberId("M1"), {}, line, {}});
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
}

/// SPEC §2.6: for expected files only a verdict that would be refused waits.
class ReviewForAFile : public Revising {
 protected:
  /// M1 would qualify, but for a file that is not wholly applied when the wait ends.
  void begin() {
    expect_files(1);
    republish([](CampaignRules& rules) { rules.settlement_wait = Duration{0}; });
    enrol("M1");
    pay("M1", "a", 10'000);
    now_ = enrolment_of("M1").ends_at;
    fire("M1");
    now_ = enrolment_of("M1").decides_at - Duration::minutes(1);
    file_ = accept("f0", "another day");
    now_ = enrolment_of("M1").decides_at;
    fire("M1");
    ASSERT_EQ(enrolment_of("M1").reason, VerdictReason::settlement_incomplete);
    ASSERT_EQ(enrolment_of("M1").blocking_cases.size(), 1u) << "that of f0";
    now_ = now_ + Duration::minutes(1);
  }

  FileId file_;
};

TEST_F(ReviewForAFile, ends_with_it_though_an_expected_one_has_not_come) {
  begin();
  finish(file_);
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_TRUE(enrolment_of("M1").blocking_cases.empty());
  EXPECT_TRUE(cases_in(CaseState::open).empty());
}

TEST_F(ReviewForAFile, takes_in_no_file_that_came_later) {
  begin();
  const FileId later = accept("f1", date_of(0));
  Line reversal = make_line(LineKind::reversal, "r1", 10'000);
  reversal.original = OriginalRef{LineKind::load, "a"};
  reversal.path = Path::file;
  reversal.recorded_at = now_;
  reversal.file = FileFacts{.file = later, .line_number = 2};
  run(RecordLine{MemberId("M1"), {}, reversal, {}});
  finish(later);
  finish(file_);
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified) << "on what was there before, and f0";
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"revision"});
}

TEST_F(ReviewForAFile, that_makes_it_a_refusal_waits_for_the_expected_one_and_has_its_case) {
  begin();
  Line reversal = make_line(LineKind::reversal, "r1", 10'000);
  reversal.original = OriginalRef{LineKind::load, "a"};
  reversal.path = Path::file;
  reversal.recorded_at = enrolment_of("M1").decides_at - Duration::minutes(1);
  reversal.file = FileFacts{.file = file_, .line_number = 2};
  run(RecordLine{MemberId("M1"), {}, reversal, {}});
  finish(file_);
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::in_review);
  EXPECT_EQ(enrolment_of("M1").blocking_cases.size(), 1u);
  EXPECT_EQ(open_kinds(), std::vector<std::string>{"file_missing"});
  finish(accept("f1", date_of(0)));
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::not_qualified);
  EXPECT_TRUE(cases_in(CaseState::open).empty());
}

}  // namespace
}  // namespace thaw
