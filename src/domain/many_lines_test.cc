// Work that is longer than one write: line rows and decision lines in steps, and members with more
// lines than a machine judges (SPEC §2.6).

#include "domain/domain_world_for_test.h"
#include "domain/member_work.h"

namespace thaw {
namespace {

using ManyLines = DomainWorld;

TEST_F(ManyLines, placed_anew_in_steps_and_gone_on_with_by_any_timer) {
  constexpr int kLines = 100;
  for (int i = 0; i < kLines; ++i) pay("M1", "a" + std::to_string(i), 100);
  const Enrolment enrolment = *run_one_step(Enrol{rules_.id, MemberId("M1"), {}, {}, ""}).enrolment;
  const auto is_settling = [&] { return find<Member>(keys::member(MemberId("M1")))->is_settling; };
  ASSERT_TRUE(is_settling());
  run_one_step(SettleMember{MemberId("M1")});
  ASSERT_TRUE(is_settling());
  // A crash here; the timer that was left goes on with it.
  EXPECT_EQ(code(FireTimer{enrolment.id, now_, 1, 0}), ReplyCode::ok);
  EXPECT_FALSE(is_settling());
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100 * kLines));
  EXPECT_EQ(code(SettleMember{MemberId("M1")}), ReplyCode::ok);
}

TEST_F(ManyLines, behind_when_its_own_timer_is_due_they_are_placed_before_the_window_ends) {
  constexpr int kLines = 100;
  for (int i = 0; i < kLines; ++i) pay("M1", "a" + std::to_string(i), 100);
  const Enrolment enrolment = *run_one_step(Enrol{rules_.id, MemberId("M1"), {}, {}, ""}).enrolment;
  now_ = enrolment.ends_at;
  EXPECT_EQ(run_one_step(FireTimer{enrolment.id, Instant{5}, 1, 0}).code, ReplyCode::ok)
      << "a timer that is not there";
  EXPECT_EQ(enrolment_of("M1").state, EnrolmentState::active);
  EXPECT_EQ(code(FireTimer{enrolment.id, enrolment.ends_at, 1, 0}), ReplyCode::ok);
  EXPECT_EQ(enrolment_of("M1").state, EnrolmentState::grace);
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100 * kLines));
  EXPECT_FALSE(find<Timer>(keys::timer(enrolment.ends_at, enrolment.id)));
}

TEST_F(ManyLines, the_lines_of_a_decision_are_written_in_steps) {
  enrol("M1");
  for (int i = 0; i < 1500; ++i) pay("M1", "a" + std::to_string(i), 10);
  const Enrolment decided = decide("M1");
  EXPECT_EQ(decided.outcome, Outcome::qualified);
  const auto decision = find<Decision>(keys::decision(decided.id, 1));
  ASSERT_TRUE(decision);
  std::size_t lines = 0;
  for (std::int64_t chunk = 0; chunk < decision->line_chunks; ++chunk) {
    lines += find<DecisionLines>(keys::decision_lines(decided.id, 1, chunk))->lines.size();
  }
  EXPECT_EQ(lines, 1500u);
}

TEST_F(ManyLines, too_many_to_judge_are_kept_and_the_verdict_is_left_to_people) {
  enrol("M1");
  for (std::int64_t i = 0; i <= MemberWork::kMaxLines; ++i) {
    pay("M1", "a" + std::to_string(i), 10);
  }
  EXPECT_EQ(pay("M1", "more", 10).placed, Placed::kept);
  const Enrolment decided = decide("M1");
  EXPECT_EQ(decided.outcome, Outcome::in_review);
  EXPECT_EQ(decided.reason, VerdictReason::too_many_lines);
  ASSERT_EQ(cases_in(CaseState::open).size(), 1u);
  EXPECT_EQ(cases_in(CaseState::open).front().kind, "too_many_lines");
}

}  // namespace
}  // namespace thaw
