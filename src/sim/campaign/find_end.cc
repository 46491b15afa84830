// To which end each window came, for the report's count.

#include "domain/keys.h"
#include "sim/campaign/judge.h"

namespace thaw {

/// By its verdict in force, its reward and the partner's books; a hold stops calls, not the record
/// (SPEC §2.7). Nothing: something is wrong with it, and `judge_owed` says what.
std::optional<WindowEnd> Judge::find_end(const Enrolment& stored, const Paid& paid) {
  std::set<std::string>& reached = run_.report().reached;
  const auto reward = find_reward(stored.id);
  if (reward && reward->in_case) {
    reached.insert("reward in a case");
    return WindowEnd::in_case;
  }
  if (run_.is_in_restored_time(stored.decides_at)) return WindowEnd::after_restore;
  const bool is_qualified = stored.outcome == Outcome::qualified;
  const bool is_paid = paid.issues > 0;
  const bool is_on_hold = run_.is_held(parse_window_id(stored.id.text())->member.text());
  if (!is_on_hold && reward && reward->attempts.size() > 1) reached.insert("reward tried again");
  if (is_qualified && is_paid) return WindowEnd::paid_once;
  // What was taken back once is issued again by two people only.
  if (!is_paid && reward && reward->state == RewardState::reversed) return WindowEnd::taken_back;
  if (is_qualified != is_paid && is_on_hold && reward && !is_final(reward->state)) {
    reached.insert(is_qualified ? "on hold in the end, and not paid"
                                : "on hold in the end, and not taken back");
    return WindowEnd::on_hold;
  }
  if (is_qualified || is_paid) return std::nullopt;
  return reward ? WindowEnd::called_off : WindowEnd::not_qualified;
}

}  // namespace thaw
