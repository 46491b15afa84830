#include "sim/campaign/partner_watch.h"

#include <algorithm>
#include <cstdlib>

#include "domain/keys.h"

namespace thaw {
namespace {

constexpr std::string_view kPrefix = "cold-activation-";
constexpr Duration kKeyLife = Duration::hours(24);

constexpr std::int64_t kMaxAttempts = 20;

struct Durable {
  std::optional<Reward> reward;
  Fence fence;
  bool is_on_hold = false;
  Instant decides_at = Instant::max();
  bool is_earlier_under_way = false;  // another reward of the member
};

bool is_under_way(const Reward& reward) {
  if (reward.in_case) return false;
  return reward.state == RewardState::pending || reward.state == RewardState::retrying ||
         reward.state == RewardState::unknown || reward.state == RewardState::reversing ||
         reward.state == RewardState::reversal_unknown;
}

Durable read_durable(SimStore& store, std::string_view key) {
  const auto parts = parse_reward_key(key);
  Durable durable;
  store.read([&](StateView& view) {
    const auto row =
        parts ? view.find(keys::reward(parts->member, parts->window, parts->issue)) : std::nullopt;
    if (row) durable.reward = decode<Reward>(row->bytes);
    const auto fence = view.find(keys::fence());
    if (fence) durable.fence = decode<Fence>(fence->bytes).value_or(Fence{});
    const auto member_row = parts ? view.find(keys::member(parts->member)) : std::nullopt;
    const auto member = member_row ? decode<Member>(member_row->bytes) : std::nullopt;
    durable.is_on_hold = member && member->on_hold;
    for (const Enrolment& enrolment : member.value_or(Member{}).enrolments) {
      if (enrolment.id == parts->window) durable.decides_at = enrolment.decides_at;
    }
    for (const auto& [other_key, other_row] : view.scan(keys::rewards(), 10'000)) {
      const auto other = decode<Reward>(other_row.bytes);
      if (!other || !durable.reward || other->member != durable.reward->member) continue;
      const bool is_earlier = other->requested_at < durable.reward->requested_at;
      if (is_earlier && is_under_way(*other)) durable.is_earlier_under_way = true;
    }
  });
  return durable;
}

/// The last POST before the one at hand may have arrived, and nobody has asked since.
bool is_unasked(const Reward& reward) {
  for (auto attempt = reward.attempts.rbegin() + 1; attempt != reward.attempts.rend(); ++attempt) {
    if (attempt->call == RewardCall::get && attempt->answer == RewardAnswer::not_found)
      return false;
    if (attempt->call == RewardCall::post && attempt->answer == RewardAnswer::unknown) return true;
  }
  return false;
}

bool has_left(const RewardAttempt& attempt) {
  return attempt.answer != RewardAnswer::never_sent && attempt.answer != RewardAnswer::paused;
}

bool is_told_anything(const RewardAttempt& attempt) {
  return attempt.call == RewardCall::get && (attempt.answer == RewardAnswer::found_issued ||
                                             attempt.answer == RewardAnswer::found_reversed ||
                                             attempt.answer == RewardAnswer::not_found);
}

/// Counted apart from the domain, which may be wrong.
std::optional<Instant> find_first_sent(const Reward& reward) {
  for (const RewardAttempt& attempt : reward.attempts) {
    if (attempt.call == RewardCall::post && has_left(attempt)) return attempt.at;
  }
  return std::nullopt;
}

/// Since a person gave it back, with the one at hand; a refusal of our access does not count.
std::int64_t count_sent(const Reward& reward, RewardCall call) {
  return std::count_if(reward.attempts.begin() + reward.counts_from, reward.attempts.end(),
                       [call](const RewardAttempt& attempt) {
                         return attempt.call == call && attempt.answer != RewardAnswer::paused;
                       });
}

/// The partner did not know of it when he could have forgotten a call that a restore has lost.
bool may_be_forgotten(const Reward& reward, const Fence& fence) {
  if (fence.since == Instant{}) return false;
  const auto told = std::ranges::find_if(reward.attempts, [&](const RewardAttempt& attempt) {
    return attempt.at >= fence.since && is_told_anything(attempt);
  });
  return told != reward.attempts.end() && told->answer == RewardAnswer::not_found &&
         told->at >= fence.since + kKeyLife;
}

/// The fence was raised since the verdict was due, and the partner has not been asked since: a call
/// may have been lost.
bool is_unasked_since(const Reward& reward, Instant decides_at, const Fence& fence) {
  if (fence.since < decides_at) return false;
  return std::ranges::none_of(reward.attempts, [&](const RewardAttempt& attempt) {
    return attempt.call == RewardCall::get && attempt.at >= fence.since &&
           attempt.answer == RewardAnswer::not_found;
  });
}

}  // namespace

std::optional<RewardKey> parse_reward_key(std::string_view key) {
  if (!key.starts_with(kPrefix)) return std::nullopt;
  key.remove_prefix(kPrefix.size());
  const std::size_t again = key.rfind("-r");
  const bool is_again = again != key.npos && again > key.rfind('.');
  const WindowId window{std::string(key.substr(0, is_again ? again : key.npos))};
  const auto parts = parse_window_id(window.text());
  if (!parts) return std::nullopt;
  const std::int64_t issue = is_again ? std::atoll(std::string(key.substr(again + 2)).c_str()) : 1;
  return RewardKey{window, parts->member, parts->campaign, issue};
}

bool is_on_hold(SimStore& store, std::string_view key) {
  const auto parts = parse_reward_key(key);
  std::optional<Member> member;
  store.read([&](StateView& view) {
    const auto row = parts ? view.find(keys::member(parts->member)) : std::nullopt;
    if (row) member = decode<Member>(row->bytes);
  });
  return member && member->on_hold;
}

bool has_reward_waiting(SimStore& store, const MemberId& member) {
  bool is_waiting = false;
  store.read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::rewards_not_final(), 1'000)) {
      const auto queued = decode<QueuedReward>(row.bytes);
      const auto parts = queued ? parse_window_id(queued->window.text()) : std::nullopt;
      is_waiting = is_waiting || (parts && parts->member == member);
    }
  });
  return is_waiting;
}

std::string find_breach(SimStore& store, const PointsIssueRequest& request,
                        const SimPoints::Calls& calls) {
  const Durable durable = read_durable(store, request.idempotency_key);
  if (!durable.reward) return "sent, but never recorded";
  const Reward& reward = *durable.reward;
  if (!reward.has_attempt_open || reward.attempts.empty()) {
    return "sent before its attempt was durable";
  }
  const auto first = find_first_sent(reward);
  if (first && reward.attempts.back().at >= *first + kKeyLife) return "sent after its key's life";
  if (durable.fence.is_up) return "sent through a fence";
  if (is_unasked_since(reward, durable.decides_at, durable.fence)) {
    return "sent, and not asked for since the fence was raised";
  }
  if (durable.fence.since >= durable.decides_at && may_be_forgotten(reward, durable.fence)) {
    return "sent, though a lost call may be forgotten";
  }
  if (durable.is_on_hold) return "sent to a member on hold";
  if (durable.is_earlier_under_way) return "sent before an earlier reward was through";
  if (count_sent(reward, RewardCall::post) > kMaxAttempts) return "sent more often than may be";
  if (calls.is_unasked) return "sent again, though the partner may have acted and was not asked";
  return is_unasked(reward) ? "sent again without asking" : "";
}

std::string find_reversal_breach(SimStore& store, std::string_view key) {
  const Durable durable = read_durable(store, key);
  if (!durable.reward) return "taken back, but never recorded";
  const Reward& reward = *durable.reward;
  const auto& attempts = reward.attempts;
  if (!reward.has_attempt_open || attempts.empty() ||
      attempts.back().call != RewardCall::reversal) {
    return "taken back before its attempt was durable";
  }
  if (durable.fence.is_up) return "taken back through a fence";
  const bool is_asked = std::ranges::any_of(attempts, [&](const RewardAttempt& attempt) {
    return attempt.at >= durable.fence.since && is_told_anything(attempt);
  });
  if (durable.fence.since >= durable.decides_at && !is_asked) {
    return "taken back, and not asked for since the fence was raised";
  }
  std::optional<Instant> first;  // call of the life at hand (docs/adr/0013)
  for (const RewardAttempt& attempt : attempts) {
    const bool is_over = first && attempt.at >= *first + kKeyLife;
    if (is_over && attempt.answer == RewardAnswer::found_issued) first.reset();
    if (attempt.call == RewardCall::reversal && has_left(attempt) && !first) first = attempt.at;
  }
  if (first && attempts.back().at >= *first + kKeyLife) return "taken back after its key's life";
  for (auto attempt = attempts.rbegin() + 1; attempt != attempts.rend(); ++attempt) {
    if (is_told_anything(*attempt)) break;
    if (attempt->call == RewardCall::reversal && attempt->answer == RewardAnswer::unknown) {
      return "taken back again without asking";
    }
  }
  return "";
}

std::string find_needless_case(const Reward& reward, const Fence& fence) {
  const auto& attempts = reward.attempts;
  const bool is_refused = std::ranges::any_of(attempts, [&](const RewardAttempt& attempt) {
    const bool is_lost = attempt.answer == RewardAnswer::not_found && is_final(reward.state);
    return attempt.answer == RewardAnswer::refused || is_lost;
  });
  const bool may_have_arrived = std::ranges::any_of(attempts, [](const RewardAttempt& attempt) {
    return attempt.call == RewardCall::post && attempt.answer == RewardAnswer::unknown;
  });
  if (reward.state == RewardState::failed && !is_refused && may_have_arrived) {
    return "as failed, though it may have arrived";
  }
  if (attempts.empty() || is_refused || may_be_forgotten(reward, fence)) return "";
  const bool is_asked_out = attempts.back().at >= attempts.front().at + kKeyLife;
  const bool is_tried_out = count_sent(reward, RewardCall::post) >= kMaxAttempts ||
                            count_sent(reward, RewardCall::reversal) >= kMaxAttempts;
  return is_asked_out || is_tried_out ? "" : "though there is time, and calls are left";
}

bool is_too_soon(SimStore& store, const PointsIssueRequest& request, const SimPoints::Calls& calls,
                 Instant now) {
  const Durable durable = read_durable(store, request.idempotency_key);
  if (!durable.reward || durable.reward->attempts.size() < 2) return false;
  const RewardAttempt& before = *(durable.reward->attempts.rbegin() + 1);
  const bool is_answered =  // an answer that was lost binds nobody
      before.call == RewardCall::post && before.answer == RewardAnswer::retry_later;
  return is_answered && now < calls.wish_at + calls.wish;
}

}  // namespace thaw
