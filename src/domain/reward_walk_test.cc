// SPEC §2.7: "one issue, or an open case; never two, never silence". Commands in an order that is
// drawn, against a partner who keeps books, and with calls that a restore has lost.

#include "base/random.h"
#include "domain/dead_letters.h"
#include "domain/reward_world_for_test.h"

namespace thaw {
namespace {

constexpr int kSteps = 60;

class RewardWalk : public RewardWorld {
 public:
  explicit RewardWalk(std::uint64_t seed) : random_(seed) {}
  void TestBody() override {}

  /// What is wrong, or "".
  std::string walk() {
    enrolment_ = decide_as(Outcome::qualified);
    told_.push_back(Outcome::qualified);
    for (int step = 0; step < kSteps && fault_.empty(); ++step) {
      take_step();
      let_arrive();
      look();
    }
    if (!fault_.empty()) return fault_;
    is_healthy_ = true;
    run(SetFence{false, ""});
    come_to_rest();
    check_end();
    for (int round = 0; round < 5; ++round) {
      help();
      come_to_rest();
    }
    check_end();
    return fault_;
  }

 private:
  void take_step() {
    const std::uint64_t what = random_.below(100);
    if (what < 20) return hear();
    if (what < 50) return start_call(1 + static_cast<std::int64_t>(random_.below(3)));
    if (what < 80) return end_call();
    if (what < 86) return change_verdict();
    if (what < 92) return help();
    if (what < 94) return wait(Duration::hours(random_.between(0, 30)));
    if (what < 96) return lose_a_call();
    if (what < 98) return void(run(SetFence{false, ""}));
    end_call_by_crash();
  }

  void wait(Duration length) { now_ = now_ + length; }

  /// What the grants hear of the verdicts, one after the other, late.
  void hear() {
    if (told_.empty()) return;
    const Outcome outcome = told_.front();
    told_.erase(told_.begin());
    if (outcome == Outcome::qualified) {
      run(RequestReward{enrolment_.id});
    } else {
      run(WithdrawReward{enrolment_.id});
    }
  }

  void change_verdict() {
    const bool is_qualified = enrolment_of("M1").outcome == Outcome::qualified;
    wait(Duration::seconds(1));
    flip(is_qualified ? Outcome::not_qualified : Outcome::qualified);
    told_.push_back(is_qualified ? Outcome::not_qualified : Outcome::qualified);
  }

  /// As the worker: what the queue has and is due.
  void start_call(std::int64_t issue) {
    const auto now_reward = reward(enrolment_, issue);
    if (!now_reward || !is_queued(enrolment_, issue) || now_reward->has_attempt_open) return;
    now_ = std::max(now_, now_reward->next_try_at);
    const auto call = call_of(*now_reward);
    if (call) {
      run(StartRewardAttempt{enrolment_.id, issue, *call, {}});
    } else if (step_of(*now_reward) == RewardStep::give_up) {
      run(GiveUpReward{enrolment_.id, issue, {}});
    }
  }

  RewardStep step_of(const Reward& one) {
    return next_reward_step(one, {}, find<Fence>(keys::fence()).value_or(Fence{}), now_);
  }
  std::optional<RewardCall> call_of(const Reward& one) {
    switch (step_of(one)) {
      case RewardStep::post: return RewardCall::post;
      case RewardStep::get: return RewardCall::get;
      case RewardStep::reverse: return RewardCall::reversal;
      case RewardStep::none:
      case RewardStep::give_up: return std::nullopt;
    }
    return std::nullopt;
  }

  void end_call() {
    const auto one = find_open();
    if (!one) return;
    const RewardCall call = one->attempts.back().call;
    const std::uint64_t fate = is_healthy_ ? 9 : random_.below(11);
    if (fate == 0) return tell(*one, RewardAnswer::retry_later);
    if (fate == 1) return tell(*one, RewardAnswer::never_sent);
    if (fate == 2) return tell(*one, RewardAnswer::unknown);
    if (fate == 3) {
      act(call, one->idempotency_key);
      return tell(*one, RewardAnswer::unknown);
    }
    if (fate == 4) return tell(*one, RewardAnswer::refused);
    if (fate == 10) {  // it times out, and acts when everybody has asked
      late_.push_back({one->attempts.back().at + Duration::minutes(random_.between(1, 12 * 60)),
                       call, one->idempotency_key});
      return tell(*one, RewardAnswer::unknown);
    }
    let_arrive();
    act(call, one->idempotency_key);
    tell(*one, call == RewardCall::get ? look_up(one->idempotency_key) : RewardAnswer::issued);
  }

  /// The process dies in a call: it is taken for one that may have arrived.
  void end_call_by_crash() {
    const auto one = find_open();
    if (!one) return;
    if (random_.chance(1, 2)) act(one->attempts.back().call, one->idempotency_key);
    tell(*one, RewardAnswer::unknown);
  }

  void tell(const Reward& one, RewardAnswer how) {
    run(RecordRewardAnswer{enrolment_.id,
                           one.issue,
                           one.attempts.back().number,
                           how,
                           "result",
                           "",
                           Duration::seconds(1),
                           {}});
  }

  /// A restore: the partner has had a call of which nothing is known, and a fence is raised.
  void lose_a_call() {
    const auto last = find_last_issue([&](std::int64_t n) { return reward(enrolment_, n); });
    if (!last || find_open() || !is_queued(enrolment_, last->issue)) return;
    if (const auto call = call_of(*last)) act(*call, last->idempotency_key);
    wait(Duration::seconds(1));
    run(SetFence{true, "restored"});
  }

  /// People give back what is with them, and agree to what is proposed.
  void help() {
    for (std::int64_t n = 1; reward(enrolment_, n); ++n) {
      const std::string key = make_reward_key(enrolment_.id, n);
      const bool has_letter = find<DeadLetter>(keys::dead_letter(kRewardLetters, key)).has_value();
      if (has_letter) run(RedriveDeadLetter{kRewardLetters, key});
    }
    for (const CaseFacts& facts : cases_in(CaseState::open)) {
      if (facts.id.starts_with("reissue")) run(ResolveCase{facts.id, true, ""});
    }
  }

  void come_to_rest() {
    for (int round = 0; round < 200; ++round) {
      wait(Duration::minutes(30));
      while (!told_.empty()) hear();
      bool is_any_queued = false;
      for (std::int64_t n = 1; reward(enrolment_, n); ++n) {
        start_call(n);
        end_call();
        let_arrive();
        look();
        is_any_queued |= is_queued(enrolment_, n);
      }
      if (!is_any_queued) return;
    }
    complain("it does not come to rest");
  }

  // The partner's books.
  void let_arrive() {
    std::ranges::stable_sort(late_, {}, &LateCall::at);
    while (!late_.empty() && late_.front().at <= now_) {
      act(late_.front().call, late_.front().key);
      late_.erase(late_.begin());
    }
  }
  void act(RewardCall call, const std::string& key) {
    PointsState& state = books_.try_emplace(key, PointsState::none).first->second;
    if (call == RewardCall::post && state == PointsState::none) state = PointsState::issued;
    if (call == RewardCall::reversal && state == PointsState::issued) state = PointsState::reversed;
  }
  RewardAnswer look_up(const std::string& key) {
    switch (books_[key]) {
      case PointsState::none: return RewardAnswer::not_found;
      case PointsState::issued: return RewardAnswer::found_issued;
      case PointsState::reversed: return RewardAnswer::found_reversed;
    }
    return RewardAnswer::unknown;
  }
  std::int64_t count_paid() const {
    return std::ranges::count_if(
        books_, [](const auto& entry) { return entry.second == PointsState::issued; });
  }

  std::optional<Reward> find_open() {
    for (std::int64_t n = 1; reward(enrolment_, n); ++n) {
      if (reward(enrolment_, n)->has_attempt_open) return reward(enrolment_, n);
    }
    return std::nullopt;
  }

  void look() {
    if (count_paid() > 1) complain("paid twice");
    int live = 0;
    for (std::int64_t n = 1; reward(enrolment_, n); ++n) {
      const Reward one = *reward(enrolment_, n);
      const bool is_over =
          one.state == RewardState::cancelled || one.state == RewardState::reversed;
      live += is_over ? 0 : 1;
      if (!is_final(one.state) && !one.in_case && !is_queued(enrolment_, n)) {
        complain("neither queued nor with people");
      }
      if (is_over && one.in_case) complain("over, and with people");
      if (is_over && books_[one.idempotency_key] == PointsState::issued) {
        complain("over, and paid");
      }
    }
    if (live > 1) complain("two issues at once");
  }

  void check_end() {
    const std::int64_t wanted = enrolment_of("M1").outcome == Outcome::qualified ? 1 : 0;
    const bool is_with_people = std::ranges::any_of(
        cases_in(CaseState::open), [](const CaseFacts& facts) { return facts.kind == "reward"; });
    if (count_paid() != wanted && !is_with_people) complain("silence");
  }

  void complain(const std::string& what) {
    if (fault_.empty()) fault_ = what;
  }

  enum class PointsState { none, issued, reversed };

  struct LateCall {
    Instant at;
    RewardCall call;
    std::string key;
  };

  Random random_;
  Enrolment enrolment_;
  std::vector<LateCall> late_;
  std::vector<Outcome> told_;
  std::map<std::string, PointsState> books_;
  bool is_healthy_ = false;
  std::string fault_;
};

TEST(RewardWalks, end_in_one_issue_or_an_open_case) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    EXPECT_EQ(RewardWalk(seed).walk(), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace thaw
