#pragma once

#include "domain/commands.h"
#include "domain/dead_letters.h"
#include "domain/state.h"

namespace thaw {

/// The conditional write before any call: a second request for the window is `reward_exists`. After
/// a revision back to qualified: what is under way goes on; a cancelled reward is issued anew; one
/// that was taken back, if two persons agreed to the revision, else in a case that waits for them.
WriteSet request_reward(Work& work, const RequestReward& command);

/// The next issue of a reward whose last one is cancelled or reversed. Refused as `reward_exists`
/// if another is outstanding, or this one was made before.
WriteSet issue_again(Work& work, const IssueAgain& command);

/// The decision was revised to not_qualified: nothing more is sent; what was issued is taken back.
WriteSet withdraw_reward(Work& work, const WithdrawReward& command);

/// Makes an attempt durable before its first byte leaves. Refused as `stale_attempt` if another
/// attempt is open, the step is not the one due, or it is too early: a second worker cannot call.
WriteSet start_attempt(Work& work, const StartRewardAttempt& command);

/// Takes an attempt's answer in; one for an attempt that is not open changes nothing.
WriteSet record_answer(Work& work, const RecordRewardAnswer& command);

/// While a member is on hold no attempt is started; what is under way ends.
WriteSet hold_member(Work& work, const HoldMember& command);

/// Raises or lifts the fence around effects (SPEC §2.7, last paragraph). To lift it takes two
/// persons.
WriteSet set_fence(Work& work, const Command& command, const SetFence& change);

/// The reward of a dead letter goes back to the worker, which asks before it sends.
WriteSet redrive_reward(Work& work, const DeadLetter& letter);

/// Gives a reward up to people: dead letter and case.
WriteSet give_up_reward(Work& work, const GiveUpReward& command);

}  // namespace thaw
