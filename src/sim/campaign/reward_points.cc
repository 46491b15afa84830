#include "sim/campaign/reward_points.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr Duration kKeyLife = Duration::hours(24);

bool may_have_left(const RewardAttempt& attempt) {
  return attempt.call == RewardCall::post && attempt.answer != RewardAnswer::never_sent &&
         attempt.answer != RewardAnswer::paused;
}

}  // namespace

void note_rewards(const Books& books, const Fence& fence, std::set<std::string>& reached) {
  for (const auto& [key, reward] : books.rewards) {
    Instant key_ends = Instant::max();
    for (const RewardAttempt& attempt : reward.attempts) {
      if (may_have_left(attempt)) key_ends = std::min(key_ends, attempt.at + kKeyLife);
      const bool is_question = attempt.call == RewardCall::get;
      if (is_question && attempt.at >= key_ends) reached.insert("key past its life");
      if (is_question && fence.since > Instant() && attempt.at >= fence.since) {
        reached.insert("fence raised and reward asked for");
      }
      if (attempt.call == RewardCall::reversal) reached.insert("points taken back");
    }
  }
}

}  // namespace thaw
