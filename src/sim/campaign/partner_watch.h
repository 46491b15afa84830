#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "application/ports/points.h"
#include "sim/points/sim_points.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// What a permanent key is for: "cold-activation-{window}", with "-r{n}" for a later issue. Nothing
/// if it is no such key.
struct RewardKey {
  WindowId window;
  MemberId member;
  CampaignId campaign;
  std::int64_t issue = 1;
};
std::optional<RewardKey> parse_reward_key(std::string_view key);

/// SPEC §2.7 at the moment at which points could be issued: the attempt is durable, the key is the
/// permanent one and alive, what may have arrived was asked for, by thaw's notes and by the
/// partner's, a fence and a hold are obeyed, no attempt is one too many, and the member's earlier
/// rewards are through. What is broken of that; empty: nothing.
std::string find_breach(SimStore& store, const PointsIssueRequest& request,
                        const SimPoints::Calls& calls);

/// The same at the moment at which points could be taken back.
std::string find_reversal_breach(SimStore& store, std::string_view key);

/// Why people need not have the reward: nothing was refused, there are calls left, and time, and
/// nothing may have been forgotten. Or why it says another thing than is known. Empty: rightly.
std::string find_needless_case(const Reward& reward, const Fence& fence);

/// True if "not before" was answered last, and this is before: `Retry-After` is honoured.
bool is_too_soon(SimStore& store, const PointsIssueRequest& request, const SimPoints::Calls& calls,
                 Instant now);

/// True if the reward's member is durably on hold: no call may be made for it (SPEC §2.7, end).
bool is_on_hold(SimStore& store, std::string_view key);

/// True if a reward of the member is recorded and not final.
bool has_reward_waiting(SimStore& store, const MemberId& member);

}  // namespace thaw
