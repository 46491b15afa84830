// What each member is owed, by the auditor's own verdict, against what the partner's books hold.

#include <fmt/format.h>

#include "domain/keys.h"
#include "sim/campaign/judge.h"
#include "sim/campaign/partner_watch.h"
#include "sim/campaign/read_row.h"

namespace thaw {

/// What the auditor says of the lines on which the decision in force rests. Whether there should be
/// another decision, `judge_last` asks.
audit::Expected Judge::expect_in_force(std::size_t enrolment, const Enrolment& stored) const {
  const auto read = [&](std::int64_t revision) {
    return read_row<Decision>(run_.store(), keys::decision(stored.id, revision));
  };
  const auto decision = read(stored.revision);
  const auto before = read(stored.revision - 1);
  if (!decision) return {};  // `judge_revisions` says so
  if (!before || before->verdict.outcome == Outcome::in_review) {
    const First first = before ? expect_review(enrolment, *before, *decision)
                               : expect_first(enrolment, stored.revision);
    return first.has_waited_in_vain ? audit::Expected() : first.expected;
  }
  return audit::expect(history_, enrolment, known_to(*decision));
}

Judge::Paid Judge::read_paid(const WindowId& window) const {
  Paid paid;
  for (const SimPoints::Paid& entry : run_.points().ledger()) {
    const auto key = parse_reward_key(entry.key);
    if (!key || key->window != window || entry.state != PointsState::issued) continue;
    ++paid.issues;
    paid.points += entry.points;
  }
  return paid;
}

/// The last issue of the window's reward.
std::optional<Reward> Judge::find_reward(const WindowId& window) const {
  const MemberId member = parse_window_id(window.text())->member;
  return find_last_issue([&](std::int64_t issue) {
    return read_row<Reward>(run_.store(), keys::reward(member, window, issue));
  });
}

/// Whoever is owed points has them, and nobody else: but for what a
/// person has in a case, what waits on hold, and what was taken back once (then two people issue it
/// again, or nobody). Of a window that a restore took and that was given anew the partner may know
/// another version's points.
void Judge::judge_owed(std::size_t enrolment, const Enrolment& stored, const Paid& paid) {
  const auto reward = find_reward(stored.id);
  if (reward && reward->in_case) {
    const auto fence = read_row<Fence>(run_.store(), keys::fence()).value_or(Fence{});
    const std::string why_not = find_needless_case(*reward, fence);
    if (!why_not.empty()) complain(stored.id.text() + ": its reward is with people, " + why_not);
    return;
  }
  const std::int64_t owed = expect_in_force(enrolment, stored).owed_points;
  const std::string member = parse_window_id(stored.id.text())->member.text();
  const bool waits = run_.is_held(member) && reward && !is_final(reward->state);
  const bool was_taken_back = reward && reward->state == RewardState::reversed && paid.points == 0;
  if (was_taken_back && owed > 0 && !is_offered_again(stored.id)) {
    complain(stored.id.text() + ": qualified and taken back, and no case offers it again");
  }
  const bool is_of_either = owed > 0 && paid.points > 0 && was_given_anew(stored.id);
  if (owed == paid.points || waits || was_taken_back || is_of_either) return;
  complain(fmt::format("{}: {}: {} points owed, {} in the partner's books ({})", stored.id.text(),
                       paid.points < owed ? "qualified, not paid" : "paid without right", owed,
                       paid.points, reward ? to_string(reward->state) : "no reward"));
}

/// Two people issue again what was taken back, by a case that is there whatever they made of it.
bool Judge::is_offered_again(const WindowId& window) const {
  bool is_offered = false;
  run_.store().read([&](StateView& view) {
    is_offered = !view.scan(keys::review_cases() + "reissue-" + window.text(), 1).empty();
  });
  return is_offered;
}

bool Judge::was_given_anew(const WindowId& window) const {
  const std::uint64_t created = recorded_.lives.at(window.text()).created;
  return run_.is_in_restored_time(log_[created - 1].recorded_at);
}

}  // namespace thaw
