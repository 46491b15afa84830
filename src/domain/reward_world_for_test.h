#pragma once

#include "domain/domain_world_for_test.h"

namespace thaw {

/// Member M1 with a verdict, and the reward that follows from it.
class RewardWorld : public DomainWorld {
 protected:
  std::optional<Reward> reward(const Enrolment& enrolment, std::int64_t issue = 1) {
    return find<Reward>(keys::reward(MemberId("M1"), enrolment.id, issue));
  }
  RewardState state(const Enrolment& enrolment, std::int64_t issue = 1) {
    return reward(enrolment, issue)->state;
  }
  /// A verdict of M1.
  Enrolment decide_as(Outcome outcome) {
    enrol("M1");
    if (outcome == Outcome::qualified) pay("M1", load_, 10'000);
    return decide("M1");
  }
  /// A late record that would flip the verdict.
  void record_late(Outcome to) {
    const std::string number = std::to_string(++late_);
    if (to != Outcome::qualified) {
      reverse("M1", "r" + number, load_);
      return;
    }
    load_ = "b" + number;
    Line line = make_line(LineKind::load, load_, 10'000);
    line.time = LineTime::at(enrolment_of("M1").enrolled_at);
    run(RecordLine{MemberId("M1"), {}, line, {}});
  }
  /// One that does: a person agrees, or two.
  void flip(Outcome to) {
    record_late(to);
    for (const CaseFacts& facts : cases_in(CaseState::open)) {
      if (facts.kind == "revision") run(ResolveCase{facts.id, true, ""});
    }
    ASSERT_EQ(enrolment_of("M1").outcome, to);
  }
  StartRewardAttempt attempt(const Enrolment& enrolment, RewardCall call) {
    return {enrolment.id, 1, call, {}};
  }
  RecordRewardAnswer answer(const Enrolment& enrolment, std::int64_t number, RewardAnswer how) {
    return {enrolment.id, 1, number, how, "result", "", Duration::seconds(1), {}};
  }
  /// A call and what came of it.
  void call(const Enrolment& enrolment, RewardCall kind, RewardAnswer how) {
    now_ = now_ + Duration::minutes(1);
    const Reply started = run(attempt(enrolment, kind));
    ASSERT_EQ(started.code, ReplyCode::ok);
    ASSERT_EQ(code(answer(enrolment, started.count, how)), ReplyCode::ok);
  }
  /// M1 qualified, and has the points.
  Enrolment issue_first() {
    const Enrolment enrolment = decide_as(Outcome::qualified);
    run(RequestReward{enrolment.id});
    call(enrolment, RewardCall::post, RewardAnswer::issued);
    return enrolment;
  }
  /// The verdict falls; the reward is to be taken back.
  void withdraw(const Enrolment& enrolment) {
    flip(Outcome::not_qualified);
    run(WithdrawReward{enrolment.id});
  }
  /// M1 had the points, and they were taken back.
  Enrolment take_back_first() {
    const Enrolment enrolment = issue_first();
    withdraw(enrolment);
    call(enrolment, RewardCall::reversal, RewardAnswer::issued);
    return enrolment;
  }
  /// So that it is asked for first.
  void withdraw_behind_fence(const Enrolment& enrolment) {
    withdraw(enrolment);
    run(SetFence{true, "restored"});
  }
  bool is_queued(const Enrolment& enrolment, std::int64_t issue = 1) {
    const Instant requested_at = reward(enrolment, issue)->requested_at;
    const auto key = keys::reward_not_final(MemberId("M1"), requested_at, enrolment.id, issue);
    return find<QueuedReward>(key).has_value();
  }
  std::int64_t count_events(EventType type) {
    std::int64_t count = 0;
    const auto records = ledger_.records_after(0, 100'000);
    for (const LogRecord& record : *records) {
      for (const Event& event : record.events) count += event.type == type;
    }
    return count;
  }

 private:
  std::string load_ = "a";
  int late_ = 0;
};

}  // namespace thaw
