#pragma once

#include <string>
#include <vector>

#include "domain/commands.h"
#include "domain/member_work.h"

namespace thaw {

/// Version of the rules in this code, stored with each decision.
inline constexpr std::int64_t kDeciderVersion = 1;

/// Fires an enrolment's timer: window end, decision, end of a wait, or a revision that is due.
/// Never early, fenced by the generation; a stale or repeated firing changes nothing (SPEC §2.6).
WriteSet fire_timer(Work& work, const FireTimer& command);

/// What the verdict of a decided enrolment would be by now, on the lines that its revision takes
/// in.
Outcome outcome_if_revised(MemberWork& member, const Enrolment& enrolment);

/// When the enrolment's own timer is due next; nothing once it is decided or cancelled.
std::optional<Instant> timer_due(const Enrolment& enrolment);

/// Writes the timer row of the enrolment's present state.
void set_timer(Work& work, const MemberId& member, const Enrolment& enrolment);

/// Changes the state: moves the timer, the list entry, and raises the generation, which fences off
/// every timer of before.
void change_state(Work& work, const MemberId& member, Enrolment& enrolment, EnrolmentState state);

/// Gives a member's share of the campaign's budget back, or takes it again.
void release_budget(Work& work, const CampaignRules& rules);
void reserve_budget_again(Work& work, const CampaignRules& rules);

}  // namespace thaw
