// Commands that are refused, or repeated, or come when they are stale: what each door answers.

#include "domain/cases.h"
#include "domain/dead_letters.h"
#include "domain/domain_world_for_test.h"
#include "domain/member_work.h"

namespace thaw {
namespace {

using Decide = DomainWorld;

TEST_F(Decide, a_campaign_is_drafted_published_and_closed_once) {
  CampaignRules nameless = rules_;
  nameless.name.clear();
  const Reply refused = run(DraftCampaign{nameless});
  EXPECT_EQ(refused.code, ReplyCode::invalid);
  EXPECT_TRUE(refused.detail.starts_with("name: ")) << refused.detail;
  EXPECT_EQ(code(PublishCampaign{rules_.id, {}}), ReplyCode::repeated);
  EXPECT_EQ(code(PublishCampaign{CampaignId("none"), {}}), ReplyCode::unknown_campaign);
  EXPECT_EQ(code(CloseCampaign{CampaignId("none")}), ReplyCode::unknown_campaign);
  CampaignRules draft = rules_;
  draft.id = CampaignId("draft");
  run(DraftCampaign{draft});
  EXPECT_EQ(code(CloseCampaign{draft.id}), ReplyCode::not_published);
  EXPECT_EQ(code(Enrol{draft.id, MemberId("M1"), {}, {}, ""}), ReplyCode::not_published);
  EXPECT_EQ(code(CloseCampaign{rules_.id}), ReplyCode::ok);
  EXPECT_EQ(code(CloseCampaign{rules_.id}), ReplyCode::repeated);
}

TEST_F(Decide, a_setting_is_pinned_once) {
  EXPECT_EQ(code(PinSetting{"reference.key", "a"}), ReplyCode::created);
  EXPECT_EQ(code(PinSetting{"reference.key", "a"}), ReplyCode::repeated);
  EXPECT_EQ(code(PinSetting{"reference.key", "b"}), ReplyCode::invalid);
}

TEST_F(Decide, a_cursor_never_goes_back) {
  EXPECT_EQ(code(MoveCursor{"grants", 7}), ReplyCode::ok);
  EXPECT_EQ(code(MoveCursor{"grants", 7}), ReplyCode::repeated);
  EXPECT_EQ(code(MoveCursor{"grants", 6}), ReplyCode::repeated);
}

TEST_F(Decide, an_enrolment_that_may_not_be_is_refused) {
  CampaignRules closed_list = rules_;
  closed_list.id = CampaignId("list");
  closed_list.segment_required = true;
  run(DraftCampaign{closed_list});
  run(PublishCampaign{closed_list.id, {}});
  EXPECT_EQ(code(Enrol{closed_list.id, MemberId("M1"), {}, {}, ""}), ReplyCode::not_in_segment);
  write([&](Work& work) {
    work.put(keys::segment_member(closed_list.id, MemberId("M1")), EmptyRow{});
    return work.finish({});
  });
  EXPECT_EQ(code(Enrol{closed_list.id, MemberId("M1"), {}, {}, ""}), ReplyCode::created);
  std::vector<ReferenceKey> many;
  for (int i = 0; i < 11; ++i) many.push_back({"bpay_crn", std::to_string(i)});
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M1"), {}, many, ""}), ReplyCode::invalid);
}

TEST_F(Decide, what_was_decided_is_not_cancelled_and_what_is_not_there_neither) {
  const Enrolment enrolment = enrol("M1");
  decide("M1");
  EXPECT_EQ(code(CancelEnrolment{enrolment.id}), ReplyCode::already_decided);
  EXPECT_EQ(code(CancelEnrolment{WindowId("cold.M2.1761955200000")}), ReplyCode::unknown_enrolment);
  EXPECT_EQ(code(CancelEnrolment{WindowId("rubbish")}), ReplyCode::unknown_enrolment);
  const Enrolment other = enrol("M3");
  EXPECT_EQ(code(CancelEnrolment{other.id}), ReplyCode::ok);
  EXPECT_EQ(code(CancelEnrolment{other.id}), ReplyCode::repeated);
}

TEST_F(Decide, references_that_cannot_be_changed_so_are_refused) {
  const ReferenceKey key{"bpay_crn", "hash"};
  ChangeReferences many{MemberId("M1"), {}, {}};
  for (int i = 0; i < 11; ++i) many.claims.push_back({{"bpay_crn", std::to_string(i)}, {}, {}});
  EXPECT_EQ(code(many), ReplyCode::invalid);
  EXPECT_EQ(code(ChangeReferences{MemberId("M1"), {}, {{key, {}, {}}}}),
            ReplyCode::unknown_reference);
  EXPECT_EQ(code(ChangeReferences{MemberId("M1"), {{key, {}, {}}}, {}}), ReplyCode::ok);
  EXPECT_EQ(code(ChangeReferences{MemberId("M1"), {{key, {}, {}}}, {}}), ReplyCode::ok);
  EXPECT_EQ(code(ChangeReferences{MemberId("M2"), {{key, {}, {}}}, {}}),
            ReplyCode::reference_taken);
}

TEST_F(Decide, a_file_of_nobody_is_refused_and_missing_records_are_shown_to_people) {
  SettlementFile file;
  file.id = FileId("f1");
  file.provider = ProviderId("nobody");
  EXPECT_EQ(code(AcceptFile{file}), ReplyCode::unknown_provider);
  EXPECT_EQ(code(FinishFile{file.id, {}}), ReplyCode::unknown_file);
  EXPECT_EQ(code(ReportGone{file.id, {"a"}, 1}), ReplyCode::unknown_file);
  file.provider = ProviderId("bankco");
  file.business_date = "2025-11-01";
  EXPECT_EQ(code(AcceptFile{file}), ReplyCode::created);
  EXPECT_EQ(code(AcceptFile{file}), ReplyCode::repeated);
  const Reply gone = run(ReportGone{file.id, {"a", "b"}, 2});
  EXPECT_EQ(find<ReviewCase>(keys::review_case(gone.case_id))->detail,
            "2 records of the file before are not in it: a b");
  EXPECT_EQ(code(ResolveCase{gone.case_id, true, "seen"}), ReplyCode::ok);
  const Reply not_known = run(ReportGone{file.id, {}, 0, FileId("f0"), "it does not read"});
  EXPECT_EQ(find<ReviewCase>(keys::review_case(not_known.case_id))->detail,
            "whether records of the file before are gone is not known: it does not read");
  EXPECT_EQ(code(FinishFile{file.id, {}}), ReplyCode::ok);
  EXPECT_EQ(code(FinishFile{file.id, {}}), ReplyCode::repeated);
}

TEST_F(Decide, a_case_is_resolved_once_and_only_by_people_who_may) {
  EXPECT_EQ(code(ResolveCase{"none", true, ""}), ReplyCode::unknown_case);
  const auto open = [&](const ReviewCase& item) {
    write([&](Work& work) {
      open_case(work, item, "ann");
      return work.finish({});
    });
  };
  open({.id = "held", .kind = CaseKind::held_line});
  EXPECT_EQ(code(ResolveCase{"held", true, ""}), ReplyCode::invalid);
  open({.id = "odd",
        .kind = CaseKind::approval,
        .pending_command = encode(Command{PlaceKept{}, {}, false, {}})});
  EXPECT_EQ(code(ResolveCase{"odd", true, ""}), ReplyCode::invalid);
  open({.id = "damaged", .kind = CaseKind::approval, .pending_command = "rubbish"});
  EXPECT_EQ(code(ResolveCase{"damaged", true, ""}), ReplyCode::damaged_state);
  EXPECT_EQ(code(ResolveCase{"damaged", false, ""}), ReplyCode::ok);
  EXPECT_EQ(code(ResolveCase{"damaged", false, ""}), ReplyCode::case_closed);
  open({.id = "gone", .kind = CaseKind::revision, .member = MemberId("M9")});
  EXPECT_EQ(code(ResolveCase{"gone", true, ""}), ReplyCode::unknown_enrolment);
  EXPECT_EQ(code(ResolveCase{"gone", false, ""}), ReplyCode::ok);
}

TEST_F(Decide, a_case_that_closed_by_itself_opens_again_with_its_history) {
  const ReviewCase item{.id = "held", .kind = CaseKind::held_line, .detail = "held"};
  const auto change = [&](auto what) {
    write([&](Work& work) {
      what(work);
      return work.finish({});
    });
  };
  change([&](Work& work) { open_case(work, item, "ann"); });
  change([&](Work& work) { open_case(work, item, "ann"); });
  EXPECT_EQ(find<ReviewCase>(keys::review_case("held"))->steps.size(), 1u);
  change([](Work& work) { close_case(work, "held", CaseState::closed_by_itself, {}, "gone"); });
  change([](Work& work) { close_case(work, "held", CaseState::approved, {}, "too late"); });
  change([&](Work& work) { open_case(work, item, "ann"); });
  const auto again = find<ReviewCase>(keys::review_case("held"));
  EXPECT_EQ(again->state, CaseState::open);
  EXPECT_EQ(again->steps.size(), 3u);
  EXPECT_EQ(cases_in(CaseState::open).size(), 1u);
  EXPECT_TRUE(cases_in(CaseState::closed_by_itself).empty());
}

TEST_F(Decide, a_person_who_refuses_what_is_only_shown_has_seen_it) {
  SettlementFile file;
  file.id = FileId("f1");
  file.provider = ProviderId("bankco");
  run(AcceptFile{file});
  const Reply gone = run(ReportGone{file.id, {"a"}, 1});
  EXPECT_EQ(code(ResolveCase{gone.case_id, false, "no"}), ReplyCode::ok);
  EXPECT_EQ(find<ReviewCase>(keys::review_case(gone.case_id))->state, CaseState::rejected);
}

TEST_F(Decide, a_case_that_is_not_there_is_not_closed) {
  write([&](Work& work) {
    close_case(work, "none", CaseState::approved, "ann", "");
    return work.finish({});
  });
  EXPECT_FALSE(find<ReviewCase>(keys::review_case("none")));
  EXPECT_TRUE(cases_in(CaseState::approved).empty());
}

TEST_F(Decide, a_clock_that_holds_nothing_has_nothing_to_release) {
  EXPECT_EQ(code(ReleaseClock{}), ReplyCode::repeated);
}

TEST_F(Decide, a_timer_of_what_is_gone_is_stale_and_goes_too) {
  EXPECT_EQ(code(FireTimer{WindowId("rubbish"), now_, 1, 0}), ReplyCode::stale_timer);
  const WindowId window("cold.M1.1761955200000");
  EXPECT_EQ(code(FireTimer{window, now_, 1, 0}), ReplyCode::stale_timer);
  write([&](Work& work) {
    work.put(keys::timer(now_, window), Timer{MemberId("M1"), 1});
    return work.finish({});
  });
  EXPECT_EQ(code(FireTimer{window, now_, 1, 0}), ReplyCode::stale_timer);
  EXPECT_FALSE(find<Timer>(keys::timer(now_, window)));
}

TEST_F(Decide, timers_are_fenced_by_time_and_generation) {
  const Enrolment enrolment = enrol("M1");
  EXPECT_EQ(code(FireTimer{enrolment.id, enrolment.ends_at, 1, 0}), ReplyCode::too_early);
  now_ = enrolment.ends_at;
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 7, 0}), ReplyCode::stale_timer);
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 1, 0}), ReplyCode::ok);
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 1, 0}), ReplyCode::stale_timer);
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 2, 0}), ReplyCode::stale_timer);
  now_ = enrolment.decides_at;
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 2, 0}), ReplyCode::ok);
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 3, 0}), ReplyCode::stale_timer);
}

TEST_F(Decide, a_damaged_row_is_reported_and_nothing_written) {
  enrol("M1");
  write([&](Work& work) {
    WriteSet set = work.finish({});
    set.rows.push_back({keys::member(MemberId("M1")), "\xff", {}});
    return set;
  });
  EXPECT_EQ(pay("M1", "a", 100).code, ReplyCode::damaged_state);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M1"), {}, {}, ""}), ReplyCode::damaged_state);
}

TEST_F(Decide, a_damaged_line_is_reported_and_nothing_placed) {
  enrol("M1");
  pay("M1", "a", 100);
  const Line line = make_line(LineKind::load, "b", 100);
  write([&](Work& work) {
    WriteSet set = work.finish({});
    set.rows.push_back({keys::line(MemberId("M1"), line), "\xff", {}});
    return set;
  });
  EXPECT_EQ(reverse("M1", "r", "a").code, ReplyCode::damaged_state);
}

TEST_F(Decide, a_verdict_waits_for_files_that_are_being_applied) {
  const auto accept = [&](const char* id) {
    SettlementFile file;
    file.id = FileId(id);
    file.provider = ProviderId("bankco");
    file.provider_file_id = id;
    file.business_date = "2025-11-20";
    EXPECT_EQ(code(AcceptFile{file}), ReplyCode::created);
    return file.id;
  };
  const Instant day = now_ + Duration::days(19);
  run(ConfigureProvider{{ProviderId("bankco"),
                         {Rail::bpay},
                         {{"2025-11-20", day, day + Duration::days(1), day + Duration::days(1)}}}});
  enrol("M1");
  enrol("M2");
  now_ = now_ + Duration::days(2);
  SettlementFile other;
  other.id = FileId("other");
  other.provider = ProviderId("cardco");
  EXPECT_EQ(code(AcceptFile{other}), ReplyCode::created);
  EXPECT_EQ(decide("M1").state, EnrolmentState::awaiting_settlement);
  const auto awaits = [&](const char* member) {
    std::string text;
    for (const AwaitedFile& file : enrolment_of(member).awaited) {
      text += file.provider.text() + " " + file.business_date + " " + file.file.text() + ";";
    }
    return text;
  };
  EXPECT_EQ(awaits("M1"), "  other;bankco 2025-11-20 ;");
  run(FinishFile{other.id, {}});
  const FileId late = accept("late");  // of the day, after the cut-off, still being applied
  fire("M1");
  EXPECT_EQ(awaits("M1"), "bankco 2025-11-20 late;");
  run(FinishFile{late, {}});
  fire("M1");
  EXPECT_EQ(enrolment_of("M1").state, EnrolmentState::decided);
}

/// A person agrees that a late load of 10,000 flips the verdict; the process dies before it does.
class AgreedRevision : public DomainWorld {
 protected:
  AgreedRevision() {
    enrol("M1");
    now_ = now_ + Duration::days(1);
    const Instant in_window = now_;
    decide("M1");
    pay_at("late", in_window);
    run_one_step(ResolveCase{cases_in(CaseState::open).front().id, true, ""});
    in_window_ = in_window;
  }
  void pay_at(const std::string& id, Instant at) {
    Line line = make_line(LineKind::load, id, 10'000);
    line.time = LineTime::at(at);
    run_one_step(RecordLine{MemberId("M1"), {}, line, {}});
  }
  Instant in_window_;
};

TEST_F(AgreedRevision, is_carried_out_by_its_timer_and_closes_what_was_proposed_meanwhile) {
  pay_at("more", in_window_);
  ASSERT_EQ(cases_in(CaseState::open).size(), 1u);
  fire("M1");
  EXPECT_EQ(enrolment_of("M1").outcome, Outcome::qualified);
  EXPECT_TRUE(cases_in(CaseState::open).empty());
}

TEST_F(AgreedRevision, is_dropped_where_the_verdict_in_force_stands_again) {
  Line line = make_line(LineKind::reversal, "r", 1);
  line.amount.reset();
  line.original = OriginalRef{LineKind::load, "late"};
  run_one_step(RecordLine{MemberId("M1"), {}, line, {}});
  fire("M1");
  const Enrolment enrolment = enrolment_of("M1");
  EXPECT_EQ(enrolment.outcome, Outcome::not_qualified);
  EXPECT_EQ(enrolment.revision, 1);
  EXPECT_TRUE(enrolment.revision_cause.empty());
}

TEST_F(AgreedRevision, is_dropped_where_it_has_become_uncertain) {
  reverse("M1", "r", "unknown");
  fire("M1");
  const Enrolment enrolment = enrolment_of("M1");
  EXPECT_EQ(enrolment.outcome, Outcome::not_qualified);
  EXPECT_EQ(enrolment.revision, 1);
  EXPECT_TRUE(enrolment.revision_cause.empty());
}

TEST_F(Decide, without_its_rules_nothing_counts_for_an_enrolment) {
  enrol("M1");
  write([&](Work& work) {
    work.erase(keys::campaign_version(rules_.id, 1));
    return work.finish({});
  });
  EXPECT_EQ(pay("M1", "a", 100).placed, Placed::excluded_rail);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M2"), {}, {}, ""}), ReplyCode::damaged_state);
}

TEST_F(Decide, lines_that_name_what_cannot_be_named_wait) {
  enrol("M1");
  Line line = make_line(LineKind::reversal, "r1", 100);
  line.original = OriginalRef{LineKind::reversal, "r0"};
  EXPECT_EQ(run(RecordLine{MemberId("M1"), {}, line, {}}).placed, Placed::held_orphan_reversal);
}

TEST_F(Decide, another_members_identity_is_held_whatever_it_is) {
  enrol("M1");
  enrol("M2");
  pay("M1", "a", 100);
  EXPECT_EQ(pay("M2", "a", 300).placed, Placed::held_identity_conflict);
  const auto withdraw = [&](const char* member) {
    return run(RecordLine{MemberId(member), {}, make_line(LineKind::withdrawal, "w", 40), {}})
        .placed;
  };
  EXPECT_EQ(withdraw("M1"), Placed::applied);
  EXPECT_EQ(withdraw("M2"), Placed::held_identity_conflict);
  EXPECT_EQ(reverse("M1", "r", "none").placed, Placed::held_orphan_reversal);
  EXPECT_EQ(reverse("M2", "r", "none").placed, Placed::held_identity_conflict);
  const Totals totals = enrolment_of("M2").totals;
  EXPECT_EQ(totals.held, Minor::of(340))
      << "the load and the withdrawal; what reverses all states none";
  EXPECT_EQ(totals.could_withdraw, Minor::of(40));
}

}  // namespace
}  // namespace thaw
