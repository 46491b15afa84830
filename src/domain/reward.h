#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/rows.h"

namespace thaw {

/// One call to the points partner. Written before its first byte leaves; a result follows, or a
/// start without one is found later and counts as unknown.
enum class RewardCall : std::uint8_t { post, get, reversal };

/// What the partner's answer means for a reward (SPEC §2.7). The numbers are durable.
enum class RewardAnswer : std::uint8_t {
  none,  // not known yet
  issued,
  found_issued,
  found_reversed,
  not_found,    // 404 to GET
  retry_later,  // 425, 429: refused for now
  never_sent,   // connection never made
  unknown,      // may or may not have been done
  refused,      // another 4xx
  paused,       // about our access, not about this reward
};

struct RewardAttempt {
  std::int64_t number = 0;
  RewardCall call = RewardCall::post;
  Instant at;
  RewardAnswer answer = RewardAnswer::none;
  std::string result;  // `attempts[].result` of SPEC §3.6; empty: none yet
};
template <typename Archive>
void describe(Archive& ar, RewardAttempt& a) {
  ar(a.number, a.call, a.at, a.answer, a.result);
}

/// The permanent record of one reward: the second layer of TDR-005. Points, member and key never
/// change.
struct Reward {
  MemberId member;
  WindowId window;
  CampaignId campaign;
  std::int64_t issue = 1;  // above 1 only after a clawback
  std::int64_t points = 0;
  std::string idempotency_key;
  RewardState state = RewardState::pending;
  Instant requested_at;
  Instant next_try_at;
  std::vector<RewardAttempt> attempts;
  bool has_attempt_open = false;  // the last attempt has no result yet
  bool ask_first = false;         // nothing is sent before a GET has answered
  bool is_withdrawn = false;      // its decision was revised: nothing more is sent
  bool in_case = false;           // a machine must not go on; holds nobody up
  std::string case_id;
  std::string reference;  // the partner's
  std::int64_t redrives = 0;
  // Attempts before these, made before a redrive or a question of ours, answer no question and
  // count for no `max_attempts`.
  std::int64_t counts_from = 0;
  Instant due_at;  // of its verdict: no call for it can be older, known or lost

  /// Calls of that kind that counted: a refusal of our access says nothing of this reward.
  std::int64_t count_calls(RewardCall call) const;
  /// True if the partner may have acted on some attempt.
  bool may_have_arrived() const;
  bool has_reversal_begun() const;
};
template <typename Archive>
void describe(Archive& ar, Reward& r) {
  ar(r.member, r.window, r.campaign, r.issue, r.points, r.idempotency_key, r.state, r.requested_at,
     r.next_try_at, r.attempts, r.has_attempt_open, r.ask_first, r.is_withdrawn, r.in_case,
     r.case_id, r.reference, r.redrives, r.counts_from, r.due_at);
}

/// The reward in force of a window: its last issue. `find` reads one issue, or says nothing.
template <typename Find>
std::optional<Reward> find_last_issue(Find find) {
  std::optional<Reward> last;
  for (std::int64_t issue = 1;; ++issue) {
    auto found = find(issue);
    if (!found) return last;
    last = std::move(found);
  }
}

/// The row of the queue "rewards not final".
struct QueuedReward {
  WindowId window;
  std::int64_t issue = 1;
  Instant next_try_at;
};
template <typename Archive>
void describe(Archive& ar, QueuedReward& q) {
  ar(q.window, q.issue, q.next_try_at);
}

struct RewardPolicy {
  Duration idempotency_horizon = Duration::hours(24);
  std::int64_t max_attempts = 20;  // POSTs
};
template <typename Archive>
void describe(Archive& ar, RewardPolicy& p) {
  ar(p.idempotency_horizon, p.max_attempts);
}

/// Raised after a restore, failover, migration or lost attempts: until a person lifts it, rewards
/// are only asked for, nothing is sent. What calls may have been lost for is asked for afterwards,
/// too, before anything is sent.
struct Fence {
  bool is_up = false;
  Instant since;  // raised last, also if lifted by now; zero: never
  std::string reason;
};
template <typename Archive>
void describe(Archive& ar, Fence& f) {
  ar(f.is_up, f.since, f.reason);
}

bool is_final(RewardState state);

/// True for an answer to the question what the partner has.
bool is_told(RewardAnswer answer);

/// True if a call for the reward may have been lost with what the fence was last raised for.
bool is_before_fence(const Reward& reward, const Fence& fence);

/// True if calls for the reward may have been lost with what the fence was last raised for, and the
/// partner has not told since what he has.
bool may_have_lost_calls(const Reward& reward, const Fence& fence);

/// "cold-activation-{windowId}", with "-r{n}" for the n-th issue after a clawback.
std::string make_reward_key(const WindowId& window, std::int64_t issue);

/// Nothing is sent before the partner has answered a question that is still to be asked.
void ask_first(Reward& reward, Instant now);

/// Given back by a person after it went to a case: asked for first, then sent within the key's
/// life.
void redrive(Reward& reward, Instant now);

/// What is to be done next for a reward, whatever the clock: the caller waits until `next_try_at`.
enum class RewardStep { none, post, get, reverse, give_up };
RewardStep next_reward_step(const Reward& reward, const RewardPolicy& policy, const Fence& fence,
                            Instant now);

/// Takes an answer in: the new state and when to try next. `backoff` was drawn by the caller (full
/// jitter); `retry_after` is the partner's wish.
void apply_answer(Reward& reward, RewardAnswer answer, const std::string& result,
                  const RewardPolicy& policy, Instant now, Duration backoff);

}  // namespace thaw
