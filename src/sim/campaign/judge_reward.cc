// What came of each window: its verdict in force against the partner's books.

#include <fmt/format.h>

#include <algorithm>

#include "domain/keys.h"
#include "sim/campaign/judge.h"
#include "sim/campaign/partner_watch.h"
#include "sim/campaign/read_row.h"

namespace thaw {

std::int64_t Judge::count_standing(const WindowId& window) const {
  return std::ranges::count_if(run_.points().ledger(), [&](const SimPoints::Paid& paid) {
    const auto key = parse_reward_key(paid.key);
    return key && key->window == window && paid.state == PointsState::issued;
  });
}

/// A verdict in force and the partner's books agree, or a person has a case. Nothing: something is
/// wrong with it.
std::optional<WindowEnd> Judge::judge_reward(const Enrolment& stored) {
  const std::int64_t standing = count_standing(stored.id);
  if (standing > 1) complain(stored.id.text() + ": points were issued twice");
  const MemberId member = parse_window_id(stored.id.text())->member;
  const auto reward = find_last_issue([&](std::int64_t issue) {
    return read_row<Reward>(run_.store(), keys::reward(member, stored.id, issue));
  });
  if (reward && reward->in_case) {
    run_.report().reached.insert("reward in a case");
    return WindowEnd::in_case;
  }
  if (run_.is_in_restored_time(stored.decides_at)) return WindowEnd::after_restore;
  if (run_.is_held(member.text())) {
    if (judge_held(stored, reward, standing > 0)) return WindowEnd::on_hold;
  } else if (reward && reward->attempts.size() > 1) {
    run_.report().reached.insert("reward tried again");
  }
  return find_end(stored, reward, standing);
}

std::optional<WindowEnd> Judge::find_end(const Enrolment& stored,
                                         const std::optional<Reward>& reward,
                                         std::int64_t standing) {
  const bool is_qualified = stored.outcome == Outcome::qualified;
  if (is_qualified && standing == 1) return WindowEnd::paid_once;
  // What was taken back once is issued again by two people only.
  if (standing == 0 && reward && reward->state == RewardState::reversed) {
    return WindowEnd::taken_back;
  }
  if (!is_qualified && standing == 0) {
    return reward ? WindowEnd::called_off : WindowEnd::not_qualified;
  }
  if (is_qualified && standing == 0) {
    complain(fmt::format("{}: qualified, not paid ({})", stored.id.text(),
                         reward ? to_string(reward->state) : "no reward"));
  }
  if (!is_qualified) complain(stored.id.text() + ": paid without right");
  return std::nullopt;
}

/// A hold stops calls, not the record (SPEC §2.7): what is due, or to be taken back, waits. True:
/// something does.
bool Judge::judge_held(const Enrolment& stored, const std::optional<Reward>& reward, bool is_paid) {
  const bool is_qualified = stored.outcome == Outcome::qualified;
  if (is_qualified == is_paid) return false;
  if (!reward || is_final(reward->state)) {
    complain(fmt::format("{}: on hold, and nothing waits ({})", stored.id.text(),
                         reward ? to_string(reward->state) : "no reward"));
  }
  run_.report().reached.insert(is_qualified ? "on hold in the end, and not paid"
                                            : "on hold in the end, and not taken back");
  return true;
}

}  // namespace thaw
